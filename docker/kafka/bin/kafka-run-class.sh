#!/bin/bash
# Becomes a JVM that runs one Kafka class: kafka-run-class.sh CLASS [argument...]. The class path is fixed, because a
# class archive is only used with the very class path it was recorded with. KAFKA_OPTS comes last, so it can undo anything.
home=/opt/kafka
archive=() level=${KAFKA_TOOLS_LOG4J_LOGLEVEL:-WARN} stream=err heap='-Xmx256m'
case $1 in
  kafka.Kafka) archive=("$home/cds/server.jsa") level=${KAFKA_LOG4J_ROOT_LOGLEVEL:-INFO} stream=out heap='-Xmx384m -Xms384m' ;;
  *.StorageTool) archive=("$home/cds/format.jsa") ;;
esac
[[ -f ${archive[0]:-} ]] && archive=("-XX:SharedArchiveFile=${archive[0]}") || archive=()

if compgen -G "$home/libs/log4j-core-*.jar" > /dev/null; then
  logging="-Dlog4j2.configurationFile=$home/config/log4j2.properties -Dkafka.log.target=SYSTEM_${stream^^}"
else
  logging="-Dlog4j.configuration=file:$home/config/log4j.properties -Dkafka.log.target=System.$stream"
fi

# Unquoted on purpose: each of these variables holds several options.
exec java ${KAFKA_HEAP_OPTS:-$heap} ${KAFKA_JVM_PERFORMANCE_OPTS:--XX:+UseSerialGC -XX:TieredStopAtLevel=1} \
  "${archive[@]}" ${KAFKA_GC_LOG_OPTS:-} ${KAFKA_JMX_OPTS:-} -Dkafka.log.level="$level" ${KAFKA_LOG4J_OPTS:-$logging} \
  -cp "$(< "$home/class-path")${CLASSPATH:+:$CLASSPATH}" ${KAFKA_OPTS:-} "$@"
