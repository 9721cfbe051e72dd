#!/bin/bash
# Copies the jars of one Kafka version into a folder. Usage: fetch-jars.sh VERSION FOLDER
set -euo pipefail
version=$1 folder=$2

# Maven does not read https_proxy as every other tool does.
proxy=${https_proxy:-${HTTPS_PROXY:-}}
options=()
if [[ $proxy =~ ^(https?://)?([^@/]*@)?([^:/]+):([0-9]+) ]]; then
  options=("-Dhttps.proxyHost=${BASH_REMATCH[3]}" "-Dhttps.proxyPort=${BASH_REMATCH[4]}")
fi

echo "==> fetching the jars of Kafka $version"
mvn -B -q -ntp -f "$(dirname "$0")/pom.xml" -P "kafka-${version%%.*}" -Dkafka.version="$version" "${options[@]}" \
  dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$folder"
echo "==> $(find "$folder" -name '*.jar' | wc -l) jars, $(du -sh "$folder" | cut -f1)"
