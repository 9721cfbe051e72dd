"""A RabbitMQ publisher on pika, driven by Leaderfall: publisher confirms, none, or transactions, as the hello line asks.

It reconnects by itself and never resends: whether to publish again what is unknown is the scenario's to decide.
"""

import base64
import collections
import os
import sys
import time

import pika
from pika.adapters.select_connection import IOLoop

import connection
import leaderfall_lines as lines


class Publish:
    """One publish line: how each of its messages ended, until all have."""

    def __init__(self, line, timeout):
        self.id = line["id"]
        self.bodies = [base64.b64decode(message["payload"]) for message in line["messages"]]
        self.outcomes = [None] * len(self.bodies)
        self.returned = set()
        self.deadline = time.monotonic() + timeout

    def end(self, position, outcome, error=None):
        """The first end of a message counts. The answer goes out with the last one."""
        if self.outcomes[position] is not None:
            return
        self.outcomes[position] = {"outcome": outcome}
        if position in self.returned:
            self.outcomes[position]["returned"] = True
        if error is not None:
            self.outcomes[position]["error"] = error
        if None not in self.outcomes:
            lines.say(type="published", id=self.id, outcomes=self.outcomes)

    def end_all(self, outcome, name, message):
        for position in range(len(self.outcomes)):
            self.end(position, outcome, {"name": name, "message": message})

    @property
    def open(self):
        return None in self.outcomes


class Producer:
    def __init__(self, hello):
        policy = hello["policy"]
        self.queue = hello["destination"]["name"]
        self.mandatory = policy["mandatory"]
        self.timeout = policy["confirmTimeoutMs"] / 1000
        self.transactions = "tx" in (hello["options"].get("transaction"), policy.get("transaction"))
        self.confirms = policy["confirms"] and not self.transactions
        self.properties = {"delivery_mode": 2 if policy["persistent"] else 1}
        self.parameters = collections.deque(connection.parameters(hello))
        self.loop = IOLoop()
        self.connection = None
        self.channel = None
        self.is_ready = False
        self.closing = False
        # Written and not answered, by delivery tag; and not written yet.
        self.unconfirmed = {}
        self.next_tag = 1
        self.waiting = collections.deque()
        self.committing = None
        self.flushes = []
        self.lost_since_flush = False

    def run(self):
        self.connect()
        self.sweep()
        self.loop.start()

    def take(self, line):
        """Called in the reader's thread: everything else happens in pika's."""
        self.loop.add_callback_threadsafe(lambda: getattr(self, "on_" + line["type"])(line))

    # What the worker says.

    def on_publish(self, line):
        self.waiting.append(Publish(line, self.timeout))
        self.write()

    def on_flush(self, line):
        self.flushes.append(line["id"])
        self.flush()

    def on_close(self, _line):
        self.closing = True
        if self.connection is not None and self.connection.is_open:
            self.connection.close()
        else:
            self.loop.stop()

    # Connection and channel.

    def connect(self):
        self.connection = pika.SelectConnection(
            self.parameters[0],
            on_open_callback=lambda opened: opened.channel(on_open_callback=self.channel_opened),
            on_open_error_callback=lambda _, error: self.disconnected(error),
            on_close_callback=lambda _, error: self.disconnected(error),
            custom_ioloop=self.loop,
        )

    def disconnected(self, error):
        self.channel_lost(error)
        if self.closing:
            self.loop.stop()
            return
        lines.note(f"{self.parameters[0].port}: {error!r}")
        self.parameters.rotate(-1)
        self.loop.call_later(0.2, self.connect)

    def channel_opened(self, channel):
        channel.add_on_close_callback(lambda closed, reason: self.channel_closed(closed, reason))
        channel.add_on_return_callback(self.returned)
        if self.transactions:
            channel.tx_select(lambda _: self.usable(channel))
        elif self.confirms:
            channel.confirm_delivery(self.confirmed, lambda _: self.usable(channel))
        else:
            self.usable(channel)

    def usable(self, channel):
        self.channel = channel
        self.next_tag = 1
        if not self.is_ready:
            lines.ready(f"pika {pika.__version__}")
        self.is_ready = True
        self.write()
        self.flush()

    def channel_closed(self, channel, reason):
        if channel is not self.channel and self.channel is not None:
            return
        self.channel_lost(reason)
        if self.connection.is_open and not self.closing:
            self.connection.channel(on_open_callback=self.channel_opened)

    def channel_lost(self, reason):
        """What was written and not answered may have been stored or not."""
        if self.channel is not None:
            self.lost_since_flush = True
        self.channel = None
        self.committing = None
        unanswered, self.unconfirmed = self.unconfirmed, {}
        for publish, position in unanswered.values():
            publish.end(position, "info", {"name": type(reason).__name__, "message": str(reason)})
        self.flush()

    # Publishing.

    def write(self):
        while self.waiting and self.channel is not None and self.channel.is_open and self.committing is None:
            publish = self.waiting.popleft()
            for position, body in enumerate(publish.bodies):
                properties = pika.BasicProperties(**self.properties, message_id=f"{publish.id}:{position}")
                self.unconfirmed[self.next_tag] = (publish, position)
                self.next_tag += 1
                self.channel.basic_publish("", self.queue, body, properties, self.mandatory)
            if self.transactions:
                self.committing = publish
                self.channel.tx_commit(lambda _: self.committed())
            elif not self.confirms:
                self.answer(list(self.unconfirmed), "ok")

    def answer(self, tags, outcome, error=None):
        for tag in tags:
            publish, position = self.unconfirmed.pop(tag)
            publish.end(position, outcome, error)

    def confirmed(self, frame):
        method = frame.method
        tags = [tag for tag in self.unconfirmed if tag <= method.delivery_tag] if method.multiple else [method.delivery_tag]
        if isinstance(method, pika.spec.Basic.Ack):
            self.answer([tag for tag in tags if tag in self.unconfirmed], "ok")
        else:
            # A nack is no proof that no replica has it.
            self.answer([tag for tag in tags if tag in self.unconfirmed], "info", {"name": "Nacked", "message": "basic.nack"})
        self.flush()

    def committed(self):
        self.committing = None
        self.answer(list(self.unconfirmed), "ok")
        self.write()
        self.flush()

    def returned(self, _channel, _method, properties, _body):
        for publish, position in self.unconfirmed.values():
            if properties.message_id == f"{publish.id}:{position}":
                publish.returned.add(position)

    def sweep(self):
        """pika itself would wait for a silent broker's confirm for ever."""
        now = time.monotonic()
        for publish, position in list(self.unconfirmed.values()):
            if publish.deadline < now:
                publish.end(position, "info", {"name": "ConfirmTimeout", "message": f"no answer within {self.timeout} s"})
        self.unconfirmed = {tag: entry for tag, entry in self.unconfirmed.items() if entry[0].open}
        while self.waiting and self.waiting[0].deadline < now:
            # Nothing was written: this certainly did not happen.
            self.waiting.popleft().end_all("fail", "NotWritten", "no channel in time")
        self.flush()
        self.loop.call_later(0.1, self.sweep)

    def flush(self):
        """Without confirms a channel that is closed properly has been read to its end: the broker answers the close last."""
        if not self.flushes or self.waiting or self.unconfirmed:
            return
        if self.confirms or self.transactions:
            self.flushed()
        elif self.lost_since_flush:
            self.flushed(error="the connection was lost since the last flush")
        elif self.channel is not None:
            closing, self.channel = self.channel, None
            closing.add_on_close_callback(lambda _, reason: self.flushed(None if isinstance(reason, pika.exceptions.ChannelClosedByClient) else str(reason)))
            closing.close()

    def flushed(self, error=None):
        self.lost_since_flush = False
        for flush in self.flushes:
            lines.say(type="flushed", id=flush, **({} if error is None else {"error": error}))
        self.flushes = []


producer = Producer(lines.read_hello())
lines.listen(producer.take)
producer.run()
sys.stdout.flush()
os._exit(0)
