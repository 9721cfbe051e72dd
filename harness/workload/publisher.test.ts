// The publisher against a client whose answers the test gives: what is on file before it is sent, how attempts end, how many there are.
import { expect, test } from 'vitest';
import type { Outgoing, ProducerClient } from '../model/client.ts';
import { noPartition } from '../model/event.ts';
import { decodeHeader, isCorrupted } from '../model/message.ts';
import type { PublishOutcome } from '../model/outcome.ts';
import { waitUntil } from '../model/wait.ts';
import { Publisher, type PublisherOptions } from './publisher.ts';
import { Segment } from './testing/segment.ts';

const runTag = '00112233aabbccdd';
const never = new AbortController().signal;
const ok: PublishOutcome = { outcome: 'ok' };

type Answer = (batch: readonly Outgoing[], call: number) => Promise<readonly PublishOutcome[]>;

/** Answers as it is told; keeps what it was given. */
class ScriptedClient implements ProducerClient {
  readonly batches: (readonly Outgoing[])[] = [];
  readonly #answer: Answer;
  underWay = 0;
  mostUnderWay = 0;
  /** How many publishes were under way at each flush. */
  readonly flushes: number[] = [];

  constructor(answer: Answer = async (batch) => batch.map(() => ok)) {
    this.#answer = answer;
  }

  async connect(): Promise<void> {}
  async flush(): Promise<void> { this.flushes.push(this.underWay); }
  async [Symbol.asyncDispose](): Promise<void> {}

  async publish(batch: readonly Outgoing[]): Promise<readonly PublishOutcome[]> {
    const call = this.batches.push(batch);
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    try {
      await new Promise((resolve) => { setImmediate(resolve); });
      return await this.#answer(batch, call);
    } finally {
      this.underWay--;
    }
  }

  get sequences(): readonly number[] {
    return this.batches.flat().map(({ payload }) => decodeHeader(payload, runTag)!.sequence);
  }
}

const publisherOf = (client: ProducerClient, segment: Segment, options: Partial<PublisherOptions> = {}): Publisher => new Publisher({
  client, recorder: segment.recorder, clock: segment.clock, runTag, producer: 0, partitions: 1, payloadBytes: 16, inFlight: 2, batch: 1, routing: 'explicit', keys: 3, ratePerSecond: null, resend: 'never', ...options,
});

const stuck: Answer = () => new Promise(() => {});
const describeWait = { describe: 'the publisher', timeoutMs: 10_000, intervalMs: 2, signal: never };
const until = (holds: () => boolean): Promise<undefined> => waitUntil(async () => (holds() ? { done: true, value: undefined } : { done: false, seen: 'not yet' }), describeWait);

test('a closed publish sends exactly so many, in as many batches as it takes, and flushes after the last has ended', async () => {
  using segment = new Segment('producer');
  const client = new ScriptedClient();
  const publisher = publisherOf(client, segment, { batch: 5, inFlight: 2 });
  expect(await publisher.publishClosed(12, never)).toMatchObject({ from: 0, to: 12, complete: true });
  expect(client.batches.map(({ length }) => length)).toEqual([5, 5, 2]);
  expect(client.sequences).toEqual(Array.from({ length: 12 }, (_, sequence) => sequence));
  expect([client.mostUnderWay, client.flushes]).toEqual([2, [0]]);
  expect(await publisher.publishClosed(3, never)).toMatchObject({ from: 12, to: 15, complete: true });
  expect(publisher.counters).toEqual({ attempted: 15, acknowledged: 15, handedOver: 0, failed: 0, indeterminate: 0, outstanding: 0 });
});

test('a closed publish that is not answered in time is incomplete, and says which sequences it used', async () => {
  using segment = new Segment('producer');
  const publisher = publisherOf(new ScriptedClient(stuck), segment, { inFlight: 4 });
  const limit = new AbortController();
  const published = publisher.publishClosed(100, limit.signal);
  await until(() => publisher.counters.outstanding === 4);
  limit.abort();
  expect(await published).toMatchObject({ from: 0, to: 4, complete: false });
});

test('every sequence is reserved on disk before the client has its message', async () => {
  using segment = new Segment('producer');
  const unreserved: number[] = [];
  const client = new ScriptedClient(async (batch) => {
    const blocks = segment.onFile.filter(({ kind }) => kind === 'reserved');
    for (const { payload } of batch) {
      const { sequence } = decodeHeader(payload, runTag)!;
      if (!blocks.some((block) => sequence >= block.sequence && sequence < block.sequence + block.offset)) unreserved.push(sequence);
    }
    return batch.map(() => ok);
  });
  await publisherOf(client, segment, { inFlight: 8, batch: 10 }).publishClosed(1_100, never);
  expect([client.sequences.length, unreserved]).toEqual([1_100, []]);
});

test('every payload names its run, its id and its attempt, and is whole', async () => {
  using segment = new Segment('producer');
  const client = new ScriptedClient();
  await publisherOf(client, segment, { producer: 7, partitions: 3 }).publishClosed(6, never);
  expect(client.batches.map(([first]) => first!.partition)).toEqual([0, 1, 2, 0, 1, 2]);
  expect(client.batches.flat().map(({ payload }) => decodeHeader(payload, runTag))).toMatchObject(Array.from({ length: 6 }, (_, sequence) => ({ producer: 7, sequence, attempt: 1, run: runTag })));
  expect(client.batches.flat().some(({ payload }) => isCorrupted(payload))).toBe(false);
});

const placesOf = ({ batches }: ScriptedClient): readonly (readonly (number | string | null)[])[] => batches.map((batch) => batch.map(({ partition, key }) => key ?? partition));

test.each<[PublisherOptions['routing'], places: readonly (readonly (number | string | null)[])[]]>([
  ['explicit', [[0, 0, 0], [1, 1, 1]]],
  ['multi-partition', [[0, 1, 2], [0, 1, 2]]],
  ['keyed', [['key-0', 'key-1', 'key-0'], ['key-1', 'key-0', 'key-1']]],
  ['keyless', [[null, null, null], [null, null, null]]],
])('with %s routing each message of a publish goes where it is to go', async (routing, places) => {
  using segment = new Segment('producer');
  const client = new ScriptedClient();
  await publisherOf(client, segment, { routing, keys: 2, partitions: 3, batch: 3, inFlight: 1 }).publishClosed(6, never);
  expect(placesOf(client)).toEqual(places);
  expect(client.batches.flat().every(({ partition, key }) => key === null || partition === null)).toBe(true);
});

test('where the client chooses the partition it is unknown when the attempt begins, and the one that it names is recorded at its end', async () => {
  using segment = new Segment('producer');
  const ends: readonly PublishOutcome[] = [{ outcome: 'ok', partition: 4 }, { outcome: 'info' }];
  await publisherOf(new ScriptedClient(async (_, call) => [ends[call - 1]!]), segment, { routing: 'keyless', partitions: 6, inFlight: 1 }).publishClosed(2, never);
  segment.recorder.flush();
  expect(segment.onFile.slice(1).map(({ kind, partition }) => [kind, partition])).toEqual([['sent', noPartition], ['acknowledged', 4], ['sent', noPartition], ['indeterminate', noPartition]]);
});

test('every attempt of a message goes where its first one went', async () => {
  using segment = new Segment('producer');
  const client = new ScriptedClient(async (batch, call) => batch.map((_, index): PublishOutcome => (call === 1 && index > 0 ? { outcome: 'info' } : ok)));
  await publisherOf(client, segment, { routing: 'multi-partition', partitions: 3, batch: 3, inFlight: 1, resend: 'unknown' }).publishClosed(3, never);
  expect(placesOf(client)).toEqual([[0, 1, 2], [1, 2]]);
});

test('what is under way when a closed publish is given up goes on, and its end is told; stopping waits for it', async () => {
  using segment = new Segment('producer');
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => { answer = resolve; });
  const publisher = publisherOf(new ScriptedClient(async (batch) => { await answered; return batch.map(() => ok); }), segment, { inFlight: 4 });
  const closed = await publisher.publishClosed(4, AbortSignal.timeout(20));
  expect(closed).toMatchObject({ from: 0, to: 4, complete: false });
  expect(publisher.counters).toMatchObject({ acknowledged: 0, outstanding: 4 });
  const stopped = publisher.stop(5_000);
  answer();
  await stopped;
  expect(await closed.ended).toBe(true);
  expect(publisher.counters).toMatchObject({ acknowledged: 4, outstanding: 0 });
});

test('without resending an attempt ends once, whatever its end', async () => {
  using segment = new Segment('producer');
  const ends: readonly PublishOutcome[] = [ok, { outcome: 'ok', handedOver: true }, { outcome: 'fail' }, { outcome: 'info' }, { outcome: 'ok', returned: true }, { outcome: 'ok', unreceipted: true }];
  const client = new ScriptedClient(async (_, call) => [ends[call - 1]!]);
  const publisher = publisherOf(client, segment, { inFlight: 1 });
  await publisher.publishClosed(ends.length, never);
  expect(segment.story.slice(1)).toEqual([
    'sent 0/1', 'acknowledged 0/1', 'sent 1/1', 'handedOver 1/1', 'sent 2/1', 'failed 2/1', 'sent 3/1', 'indeterminate 3/1',
    'sent 4/1', 'returned 4/1', 'acknowledged 4/1', 'sent 5/1', 'unreceipted 5/1', 'acknowledged 5/1',
  ]);
  expect(publisher.counters).toMatchObject({ attempted: 6, acknowledged: 3, handedOver: 1, failed: 1, indeterminate: 1 });
});

test('what is unknown is published again as a new attempt of the same id until it is known; the rest of its batch is not', async () => {
  using segment = new Segment('producer');
  const client = new ScriptedClient(async (batch, call) => batch.map((_, index): PublishOutcome => (call < 3 && index === batch.length - 1 ? { outcome: 'info' } : ok)));
  await publisherOf(client, segment, { resend: 'unknown', batch: 2, inFlight: 1 }).publishClosed(2, never);
  expect(client.batches.map(({ length }) => length)).toEqual([2, 1, 1]);
  expect(segment.story.slice(1)).toEqual(['sent 0/1', 'sent 1/1', 'acknowledged 0/1', 'indeterminate 1/1', 'sent 1/2', 'indeterminate 1/2', 'sent 1/3', 'acknowledged 1/3']);
});

test('what is still unknown when it must stop stays unknown, and the sequences left over are given back', async () => {
  using segment = new Segment('producer');
  const publisher = publisherOf(new ScriptedClient(async (batch) => batch.map(() => ({ outcome: 'info' }))), segment, { resend: 'unknown', inFlight: 1 });
  publisher.start();
  publisher.resume();
  await until(() => publisher.counters.indeterminate >= 2);
  await publisher.stop(10);
  const { story } = segment;
  expect(story.at(-1)).toBe('released 1+511');
  expect(story.filter((line) => line.startsWith('sent 0/')).length).toBe(story.filter((line) => line.startsWith('indeterminate 0/')).length);
  expect(publisher.counters).toMatchObject({ attempted: 1, acknowledged: 0, outstanding: 0 });
});

test('traffic flows after resume, rests after quiesce with nothing under way, and ends at stop', async () => {
  using segment = new Segment('producer');
  const client = new ScriptedClient();
  const publisher = publisherOf(client, segment, { inFlight: 3 });
  publisher.start();
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(client.batches.length).toBe(0);
  publisher.resume();
  await until(() => publisher.counters.acknowledged > 50);
  await publisher.quiesce(never);
  const { attempted } = publisher.counters;
  expect([publisher.counters.outstanding, client.underWay, client.flushes.at(-1)]).toEqual([0, 0, 0]);
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  expect(publisher.counters.attempted).toBe(attempted);
  publisher.resume();
  await until(() => publisher.counters.attempted > attempted);
  await publisher.stop(1_000);
  expect(client.mostUnderWay).toBe(3);
  expect(segment.story.at(-1)).toMatch(/^released /);
});

test('a pace is never outrun', async () => {
  using segment = new Segment('producer');
  const publisher = publisherOf(new ScriptedClient(), segment, { inFlight: 8, ratePerSecond: 200 });
  const beginNs = segment.clock.nowNs();
  publisher.start();
  publisher.resume();
  await until(() => publisher.counters.attempted >= 30);
  const { attempted } = publisher.counters;
  // The first is due at once, and a timer may be a millisecond early.
  expect(attempted).toBeLessThanOrEqual(((segment.clock.nowNs() - beginNs) / 1e9) * 200 + 2);
  await publisher.stop(1_000);
});

test('what a driver says of an error is recorded without its secrets', async () => {
  using segment = new Segment('producer');
  const error = { name: 'ECONNREFUSED', message: 'cannot reach amqp://me:hunter2@broker' };
  await publisherOf(new ScriptedClient(async () => [{ outcome: 'fail', error }]), segment).publishClosed(1, never);
  expect(segment.errors).toContain('ECONNREFUSED');
  expect(segment.errors).not.toContain('hunter2');
});
