#!/bin/bash
# As root: makes the data directory rabbitmq's own, stores the cluster's cookie, and starts over as rabbitmq.
set -euo pipefail

if [[ $1 == rabbitmq* && $(id -u) == 0 ]]; then
  if [[ $1 == rabbitmq-server ]]; then
    find /var/lib/rabbitmq ! -user rabbitmq -exec chown rabbitmq:rabbitmq '{}' +
  fi
  exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups "$0" "$@"
fi

# Erlang refuses a cookie that others could read.
if [[ -n ${RABBITMQ_ERLANG_COOKIE:-} ]]; then
  cookie=/var/lib/rabbitmq/.erlang.cookie
  rm -f "$cookie"
  (umask 377 && printf '%s' "$RABBITMQ_ERLANG_COOKIE" > "$cookie")
  unset RABBITMQ_ERLANG_COOKIE
fi
exec "$@"
