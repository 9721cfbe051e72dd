#!/bin/bash
# Records the classes that a format and a broker load, so that later JVMs map them instead of parsing them. The broker
# serves a short produce and consume session meanwhile: what only clients cause to be loaded belongs in the archive too.
set -euo pipefail
work=$(mktemp -d)
bin=/opt/kafka/bin
server=localhost:19092

sed "s|^log.dirs=.*|log.dirs=$work/data|; s|9092|19092|g; s|9093|19093|g" /opt/kafka/config/default-server.properties > "$work/server.properties"

echo '==> recording the class archive: format'
KAFKA_OPTS="-XX:ArchiveClassesAtExit=/opt/kafka/cds/format.jsa" "$bin/kafka-storage.sh" format \
  --cluster-id MkU3OEVBNTcwNTJENDM2Qk --config "$work/server.properties" > "$work/format.log" 2>&1 || { cat "$work/format.log"; exit 1; }

echo '==> recording the class archive: broker'
KAFKA_OPTS="-XX:ArchiveClassesAtExit=/opt/kafka/cds/server.jsa" "$bin/kafka-server-start.sh" "$work/server.properties" > "$work/server.log" 2>&1 &
broker=$!
for _ in $(seq 240); do
  grep -q 'Kafka Server started' "$work/server.log" && break
  kill -0 "$broker" 2> /dev/null || break
  sleep 0.25
done
grep -q 'Kafka Server started' "$work/server.log" || { tail -n 40 "$work/server.log"; exit 1; }

"$bin/kafka-topics.sh" --bootstrap-server "$server" --create --topic warm --partitions 3 > /dev/null
seq 2000 | "$bin/kafka-console-producer.sh" --bootstrap-server "$server" --topic warm > /dev/null
"$bin/kafka-console-consumer.sh" --bootstrap-server "$server" --topic warm --from-beginning --max-messages 2000 --timeout-ms 20000 > /dev/null
kill -TERM "$broker"
wait "$broker" || true

ls /opt/kafka/cds/format.jsa /opt/kafka/cds/server.jsa > /dev/null
echo "==> class archives: $(du -ch /opt/kafka/cds/*.jsa | tail -n 1 | cut -f1)"
rm -rf "$work" /tmp/hsperfdata_appuser
