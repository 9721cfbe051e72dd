#!/bin/sh
# Sleeps until stopped. Process 1 has no default signal handlers: without the trap, a stop would take its full grace period.
trap 'exit 0' TERM INT
sleep infinity &
wait
