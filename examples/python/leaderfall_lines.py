"""Leaderfall's protocol as seen from Python: JSON lines on stdin and stdout. Nothing here knows a broker."""

import json
import os
import sys
import threading

PROTOCOL = 1


def say(**line):
    """One line to the worker. stdout is for these lines alone: print everything else to stderr."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def note(message):
    """Goes into the run's timeline."""
    say(type="note", message=message)


def read_hello():
    return json.loads(sys.stdin.readline())


def ready(client):
    say(type="ready", protocol=PROTOCOL, client=client)


def listen(on_line):
    """Calls `on_line` with each further line, in a thread of its own. The end of the input ends the program: its worker is gone."""

    def read():
        for text in sys.stdin:
            on_line(json.loads(text))
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
