"""A RabbitMQ consumer on pika, driven by Leaderfall: it acknowledges after processing, before it, or automatically, as the hello line asks.

Each step is told to the worker and goes on only once the worker has recorded it. That is what makes a crash between two steps exact.
"""

import base64
import collections
import os
import time

import pika

import connection
import leaderfall_lines as lines


def handle(body):
    """Your own code goes here: what is done with a message. An exception ends the program, and the worker tells why."""


class Batch:
    """What one turn delivered. Delivery tags mean nothing on another channel, so the batch remembers its own."""

    def __init__(self, channel, messages):
        self.channel = channel
        self.bodies = [body for _, body in messages]
        self.tags = [method.delivery_tag for method, _ in messages]
        self.left = len(messages)


class Consumer:
    def __init__(self, hello):
        self.queue = hello["destination"]["name"]
        self.settle = hello["settle"]
        self.prefetch = hello["prefetch"]
        self.parameters = collections.deque(connection.parameters(hello))
        self.connection = None
        self.channel = None
        self.cancelled = False
        self.arrived = []
        self.batches = {}
        self.next_batch = 0
        self.inbox = collections.deque()
        self.is_ready = False
        self.closing = False

    def run(self):
        while not (self.closing and not self.batches):
            try:
                if self.channel is None and not self.closing:
                    self.subscribe()
                self.turn()
            except pika.exceptions.AMQPError as error:
                self.lost(error)
        if self.connection is not None and self.connection.is_open:
            self.connection.close()

    def take(self, line):
        """Called in the reader's thread; pika is woken up and does the rest in its own."""
        self.inbox.append(line)
        current = self.connection
        if current is not None:
            try:
                current.add_callback_threadsafe(lambda: None)
            except pika.exceptions.AMQPError:
                pass  # It has just been lost; the inbox is read in the next turn anyway.

    def subscribe(self):
        self.connection = pika.BlockingConnection(self.parameters[0])
        self.channel = self.connection.channel()
        if self.prefetch > 0:
            self.channel.basic_qos(prefetch_count=self.prefetch)
        self.cancelled = False
        self.channel.add_on_cancel_callback(lambda _: setattr(self, "cancelled", True))
        self.channel.basic_consume(self.queue, self.delivered, auto_ack=self.settle == "automatic")
        if not self.is_ready:
            lines.ready(f"pika {pika.__version__}")
        self.is_ready = True
        lines.say(type="assigned", partition=0)
        lines.say(type="alive", alive=True)

    def lost(self, error):
        lines.note(f"{self.parameters[0].port}: {error!r}")
        if self.channel is not None:
            lines.say(type="alive", alive=False)
            lines.say(type="revoked", partition=0)
        if self.connection is not None and self.connection.is_open:
            self.connection.close()
        self.connection = self.channel = None
        self.parameters.rotate(-1)
        time.sleep(0.2)

    def turn(self):
        if self.connection is None:
            time.sleep(0.01)
        else:
            self.connection.process_data_events(time_limit=0 if self.inbox else 0.2)
            if self.cancelled or not self.channel.is_open:
                raise pika.exceptions.AMQPChannelError("the broker cancelled the consumer, or closed its channel")
        self.tell()
        while self.inbox:
            line = self.inbox.popleft()
            if line["type"] == "recorded":
                self.recorded(**line)
            elif line["type"] == "close":
                self.stop()

    # The steps of a message: delivered, processed, settled; or delivered, settled, processed.

    def delivered(self, _channel, method, _properties, body):
        self.arrived.append((method, body))

    def tell(self):
        if not self.arrived:
            return
        messages, self.arrived = self.arrived, []
        self.batches[self.next_batch] = Batch(self.channel, messages)
        lines.say(
            type="delivered",
            batch=self.next_batch,
            messages=[{"payload": base64.b64encode(body).decode(), "redelivered": method.redelivered} for method, body in messages],
        )
        self.next_batch += 1

    def recorded(self, of, batch, messages, refuse=(), requeue=False, **_):
        if of == "delivered" and self.settle == "before-processing":
            if not self.acknowledge(batch, messages):
                self.process(batch, messages)
        elif of == "delivered" or (of == "settled" and self.settle == "before-processing"):
            self.process(batch, messages)
        elif of == "processed" and self.settle == "after-processing":
            kept = [position for position in messages if position not in refuse]
            if not (self.reject(batch, refuse, requeue) and self.acknowledge(batch, kept)):
                self.done(batch, messages)
        else:
            self.done(batch, messages)

    def done(self, batch, messages):
        self.batches[batch].left -= len(messages)
        if self.batches[batch].left <= 0:
            del self.batches[batch]

    def process(self, batch, messages):
        for position in messages:
            handle(self.batches[batch].bodies[position])
        lines.say(type="processed", batch=batch, messages=messages)

    def acknowledge(self, batch, messages):
        """False: the connection is gone. Then nothing is said to be settled, and the broker will deliver these again."""
        channel = self.batches[batch].channel
        if not channel.is_open:
            return False
        for position in messages:
            channel.basic_ack(self.batches[batch].tags[position])
        if messages:
            lines.say(type="settled", batch=batch, messages=messages)
        return True

    def reject(self, batch, messages, requeue):
        channel = self.batches[batch].channel
        if not channel.is_open:
            return False
        for position in messages:
            channel.basic_reject(self.batches[batch].tags[position], requeue)
        if messages:
            lines.say(type="rejected", batch=batch, messages=list(messages), requeue=requeue)
        return True

    def stop(self):
        """No new messages. What was delivered is processed and settled first; what the broker sent beyond that goes back to the queue."""
        self.closing = True
        if self.channel is not None and self.channel.is_open:
            for tag in self.channel.consumer_tags:
                # With automatic acknowledgement the broker has forgotten what it sent meanwhile: pika gives it back here.
                self.arrived += [(method, body) for method, _, body in self.channel.basic_cancel(tag) or []]
        self.tell()


consumer = Consumer(lines.read_hello())
lines.listen(consumer.take)
consumer.run()
os._exit(0)
