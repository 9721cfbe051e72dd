#!/bin/bash
# Fetches the jars of jars.txt from Maven Central and compiles the two programs into build/. Safe to run again: what is there stays.
set -euo pipefail
cd "$(dirname "$0")"
# The repository that Maven itself has by default; a company's own mirror has the same layout.
central=${MAVEN_CENTRAL:-https://repo.maven.apache.org/maven2}

missing=()
command -v javac > /dev/null || missing+=(default-jdk-headless)
command -v curl > /dev/null || missing+=(curl ca-certificates)
if (( ${#missing[@]} > 0 )); then
  if [[ $(id -u) != 0 ]]; then
    echo "A JDK (17 or newer) and curl are needed: run \`apt-get install ${missing[*]}\` as root (or what your system calls them)." >&2
    exit 1
  fi
  echo "==> installing ${missing[*]}"
  apt-get -qq update || true
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}"
fi

mkdir -p build/libs build/classes
while read -r sum path; do
  jar=build/libs/${path##*/}
  if ! sha256sum --check --status <<< "$sum  $jar" 2> /dev/null; then
    echo "==> fetching ${path##*/}"
    curl --fail --silent --show-error --location --retry 3 --output "$jar" "$central/$path"
    sha256sum --check --quiet <<< "$sum  $jar"
  fi
done < jars.txt

if [[ ! -e build/compiled || -n $(find src -newer build/compiled) ]]; then
  echo '==> compiling'
  javac --release 17 -Xlint:all,-classfile -Werror -cp 'build/libs/*' -d build/classes src/*.java
  touch build/compiled
fi
echo "==> ready: $(javac -version), $(find build/libs -name '*.jar' | wc -l) jars"
