#!/bin/bash
# Writes /opt/kafka/bin/<tool>.sh for every tool in tools.txt. Tools move between packages from version to version, so
# each is looked up in the jars (a zip's directory lists its names uncompressed).
set -euo pipefail
cd /opt/kafka
printf '%s:' libs/*.jar | sed "s|libs/|$PWD/libs/|g; s/:\$//" > class-path
names=$(cat libs/kafka*.jar | grep -aoE '(org/apache/)?kafka/[A-Za-z/]+\.class' | sort -u)

while read -r tool class; do
  path=$(grep -m1 -E "(tools|admin)(/[a-z/]+)?/$class\.class$" <<< "$names") || { echo "Kafka has no $class for $tool" >&2; exit 1; }
  path=${path%.class}
  printf '#!/bin/sh\nexec /opt/kafka/bin/kafka-run-class.sh %s "$@"\n' "${path//\//.}" > "bin/$tool.sh"
done < /build/tools.txt
chmod 755 bin/*.sh /etc/kafka/docker/run /etc/kafka/docker/configure
