#!/bin/bash
# Makes .venv with the pinned DuckDB, pandas, polars and pyarrow (about 150 MB, wheels only). Safe to run again: what is there stays.
set -euo pipefail
cd "$(dirname "$0")"

if ! python3 -c 'import ensurepip, venv' 2> /dev/null; then
  if [[ $(id -u) != 0 ]]; then
    echo 'Python 3 with venv is missing: run `apt-get install python3-venv` as root (or what your system calls it).' >&2
    exit 1
  fi
  echo '==> installing Python'
  apt-get -qq update || true
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends python3-venv
fi

if ! cmp -s requirements.txt .venv/requirements.txt; then
  echo '==> installing DuckDB, pandas and polars'
  rm -rf .venv
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: -r requirements.txt
  cp requirements.txt .venv/requirements.txt
fi
echo "==> ready: $(.venv/bin/python --version)"
