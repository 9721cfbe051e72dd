// The waist: what workers append is what checkers read, whatever ended the worker.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventKinds, noOffset, noPartition, type EventKind } from '../model/event.ts';
import type { EventBatch } from '../model/history.ts';
import { openHistory } from './open-history.ts';
import { runFiles, segmentFiles } from './segment-format.ts';
import { writeSeal, type Seal } from './seal-file.ts';
import { sealHistory, transpose } from './seal.ts';
import { SegmentWriter, type EventFields } from './segment-writer.ts';
import { TimelineWriter } from './timeline-writer.ts';

let folder: string;
let now = 0;
const clock = { nowNs: () => now++ };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leaderfall-history-'));
  now = 0;
  writeFileSync(runFiles(folder).plan, JSON.stringify({ schema: 'leaderfall/plan@1' }));
  new TimelineWriter(folder, clock)[Symbol.dispose]();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const writer = (name: string, role: 'producer' | 'consumer' = 'producer', index = 0) =>
  new SegmentWriter(runFiles(folder).segments, { name, role, index }, clock, 0);

async function read(): Promise<EventBatch[]> {
  const history = await openHistory(folder, () => 'log');
  const batches: EventBatch[] = [];
  for await (const batch of history.batches()) batches.push(batch);
  return batches;
}

test('every field of every event comes back as it was appended, over any number of workers', async () => {
  // What a payload tells may be anything; a producer's own events are about its own messages.
  const seen = { attempt: fc.nat(255), partition: fc.nat(0xffff), code: fc.nat(255) };
  const [own, told] = [Object.values(eventKinds).filter((kind) => kind <= eventKinds.unreceipted), Object.values(eventKinds).filter((kind) => kind > eventKinds.unreceipted)];
  const event = fc.oneof(
    fc.record({ kind: fc.constantFrom(...told), producer: fc.nat(0xfffe), sequence: fc.nat(0xffff_ffff), offset: fc.nat(0xffff_ffff), ...seen }),
    fc.record({ kind: fc.constantFrom(...own), producer: fc.constant(0), sequence: fc.nat(1 << 19), offset: fc.nat(1 << 19), ...seen }),
  );
  await fc.assert(fc.asyncProperty(fc.array(fc.array(event, { maxLength: 40 }), { minLength: 1, maxLength: 4 }), async (workers) => {
    rmSync(runFiles(folder).messages, { force: true });
    now = 0;
    workers.forEach((events, index) => {
      const recorder = writer(`producer-${index}`, 'producer', index);
      for (const { kind, ...fields } of events) recorder.append(kind, fields);
      recorder.close();
    });
    sealHistory(folder, 'log', workers.map((_, index) => `producer-${index}`));
    const rows = (await read()).flatMap((batch) => Array.from({ length: batch.length }, (_, row) => ({
      kind: batch.kind[row], producer: batch.producer[row], sequence: batch.sequence[row], attempt: batch.attempt[row],
      partition: batch.partition[row], offset: batch.offset[row], code: batch.code[row], actor: batch.actor[row], timeNs: batch.timeNs[row],
    })));
    let time = 0;
    expect(rows).toEqual(workers.flatMap((events, actor) => events.map((fields) => ({ ...fields, actor, timeNs: time++ }))));
  }), { numRuns: 25 });
});

test('what does not apply is marked as such', async () => {
  const recorder = writer('consumer-0', 'consumer');
  recorder.append(eventKinds.assigned, { partition: 3 });
  recorder.append(eventKinds.stranger);
  recorder.close();
  sealHistory(folder, 'log', ['consumer-0']);
  const [batch] = await read();
  expect([...batch!.partition]).toEqual([3, noPartition]);
  expect([...batch!.offset]).toEqual([noOffset, noOffset]);
});

test('a worker that was killed loses only the record that was torn, and the history is still whole', async () => {
  const recorder = writer('producer-0');
  for (let sequence = 0; sequence < 5; sequence++) recorder.append(eventKinds.sent, { sequence });
  recorder.flush();
  appendFileSync(segmentFiles(runFiles(folder).segments, 'producer-0').records, Buffer.alloc(11));
  expect(sealHistory(folder, 'log', ['producer-0'], ['producer-0'])).toMatchObject({ events: 5, whole: true });
  expect((await read())[0]!.length).toBe(5);
});

test('records that a clean close counted and that are not there make the history not whole', async () => {
  const recorder = writer('producer-0');
  for (let sequence = 0; sequence < 5; sequence++) recorder.append(eventKinds.sent, { sequence });
  recorder.close();
  truncateSync(segmentFiles(runFiles(folder).segments, 'producer-0').records, 48);
  sealHistory(folder, 'log', ['producer-0']);
  const { integrity } = await openHistory(folder, () => 'log');
  expect(integrity).toEqual({ whole: false, detail: 'producer-0 closed with 5 records, 2 are there' });
});

test('a worker that left no segment at all makes the history not whole', () => {
  expect(sealHistory(folder, 'log', ['consumer-7'])).toMatchObject({ whole: false, detail: 'consumer-7 left no segment' });
});

test('a segment left open by a worker that was not killed makes the history not whole', () => {
  const recorder = writer('producer-0');
  recorder.append(eventKinds.sent, { sequence: 0 });
  recorder.flush();
  expect(sealHistory(folder, 'log', ['producer-0'])).toMatchObject({ whole: false, detail: 'producer-0 never closed its segment' });
});

test('flushed resolves only once the event is in the file', async () => {
  const recorder = writer('consumer-0', 'consumer');
  recorder.append(eventKinds.delivered, { producer: 0, sequence: 1 });
  const { records } = segmentFiles(runFiles(folder).segments, 'consumer-0');
  expect(statSync(records).size).toBe(0);
  await recorder.flushed();
  expect(statSync(records).size).toBe(24);
  recorder.close();
});

test('a full disk is an environment error that says what to do, and keeps what was recorded', () => {
  const { segments } = runFiles(folder);
  mkdirSync(segments);
  symlinkSync('/dev/full', segmentFiles(segments, 'producer-0').records);
  const recorder = writer('producer-0');
  recorder.append(eventKinds.sent, { sequence: 0 });
  expect(() => recorder.flush()).toThrow(expect.objectContaining({ code: 'E_DISK_FULL', hint: expect.stringContaining('--out') }));
});

test('errors are kept once each, and events point to them', async () => {
  const recorder = writer('producer-0');
  const timeout = { name: 'TIMEOUT', message: 'no answer' };
  expect([recorder.codeOf(timeout), recorder.codeOf({ name: 'CLOSED', message: 'gone' }), recorder.codeOf({ ...timeout })]).toEqual([1, 2, 1]);
  recorder.close();
  sealHistory(folder, 'log', ['producer-0']);
  const { workers } = await openHistory(folder, () => 'log');
  expect(workers[0]!.errors).toEqual([timeout, { name: 'CLOSED', message: 'gone' }]);
});

test('a run that crashed before it was sealed is sealed when it is opened', async () => {
  const recorder = writer('producer-0');
  recorder.append(eventKinds.sent, { sequence: 0 });
  recorder.flush();
  expect((await read())[0]!.length).toBe(1);
  expect(existsSync(runFiles(folder).segments)).toBe(false);
});

test('a run that is sealed is left as it is, and says again what it has', async () => {
  const recorder = writer('producer-0');
  for (let sequence = 0; sequence < 5; sequence++) recorder.append(eventKinds.sent, { sequence });
  recorder.codeOf({ name: 'TIMEOUT', message: 'no answer'.repeat(1_000) });
  recorder.close();
  const first = sealHistory(folder, 'log', ['producer-0', 'consumer-7']);
  const files = [runFiles(folder).messages, runFiles(folder).seal].map((path) => [path, readFileSync(path)] as const);
  expect(sealHistory(folder, 'log', [])).toEqual(first);
  expect(first).toEqual({ events: 5, whole: false, detail: 'consumer-7 left no segment' });
  for (const [path, bytes] of files) expect(readFileSync(path).equals(bytes), path).toBe(true);
  expect((await read())[0]!.length).toBe(5);
});

test.each([
  ['a truncated history', () => truncateSync(runFiles(folder).messages, 100), 'E_HISTORY_CORRUPT'],
  ['a history cut at its very end', () => truncateSync(runFiles(folder).messages, statSync(runFiles(folder).messages).size - 3), 'E_HISTORY_CORRUPT'],
  ['a plan from a newer version', () => writeFileSync(runFiles(folder).plan, '{"schema":"leaderfall/plan@2"}'), 'E_HISTORY_NEWER'],
  ['a folder without a run', () => rmSync(runFiles(folder).plan), 'E_RUN_NOT_FOUND'],
  ['a history that is gone', () => rmSync(runFiles(folder).messages), 'E_HISTORY_CORRUPT'],
])('%s is refused with its own code', async (_, damage, code) => {
  writer('producer-0').close();
  sealHistory(folder, 'log', ['producer-0']);
  damage();
  await expect(openHistory(folder, () => 'log')).rejects.toMatchObject({ code, hint: expect.any(String) });
});

test('a history from a newer version is refused', async () => {
  writer('producer-0').close();
  sealHistory(folder, 'log', ['producer-0']);
  const { messages } = runFiles(folder);
  writeFileSync(messages, readFileSync(messages).toString('latin1').replaceAll('leaderfall/history@1', 'leaderfall/history@2'), 'latin1');
  writeSeal(folder);
  await expect(openHistory(folder, () => 'log')).rejects.toMatchObject({ code: 'E_HISTORY_NEWER' });
});

/** A sealed run of one producer and one consumer, with names as everyone has them. */
function sealSome(): void {
  const producer = writer('producer-0');
  producer.append(eventKinds.reserved, { producer: 0, sequence: 0, offset: 512 });
  for (let sequence = 0; sequence < 400; sequence++) {
    producer.append(eventKinds.sent, { producer: 0, sequence, attempt: 1, partition: 0 });
    producer.append(eventKinds.acknowledged, { producer: 0, sequence, attempt: 1, partition: 0, offset: sequence });
  }
  producer.close();
  new TimelineWriter(folder, clock).append({ type: 'note', source: 'test', message: 'before' });
  sealHistory(folder, 'log', ['producer-0']);
}

test('a file is sealed with the digest that sha256sum prints', () => {
  sealSome();
  const { files } = JSON.parse(readFileSync(runFiles(folder).seal, 'utf8')) as Seal;
  for (const name of ['plan.json', 'messages.arrow', 'timeline.ndjson']) {
    const bytes = readFileSync(join(folder, name));
    expect(files[name]).toEqual({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
});

const flip = (name: string) => (share: number, count = 1): void => {
  const path = join(folder, name);
  const bytes = readFileSync(path);
  const from = Math.floor((bytes.length - count) * share);
  for (let at = from; at < from + count; at++) bytes[at] = bytes[at]! ^ 0x15;
  writeFileSync(path, bytes);
};

test.each([
  ['a bit in the middle of messages.arrow', 'messages.arrow', () => flip('messages.arrow')(0.5)],
  ['four hundred bytes of messages.arrow', 'messages.arrow', () => flip('messages.arrow')(0.4, 400)],
  ['the last byte of messages.arrow', 'messages.arrow', () => flip('messages.arrow')(1)],
  ['a message on the timeline', 'timeline.ndjson', () => writeFileSync(runFiles(folder).timeline, readFileSync(runFiles(folder).timeline, 'utf8').replace('before', 'beforf'))],
  ['the end of the timeline', 'timeline.ndjson', () => truncateSync(runFiles(folder).timeline, 10)],
  ['a space in the plan', 'plan.json', () => writeFileSync(runFiles(folder).plan, '{"schema": "leaderfall/plan@1"}')],
  ['what was sealed', 'seal.json', () => flip('seal.json')(0)],
  ['the seal, which is gone', 'seal.json', () => rmSync(runFiles(folder).seal)],
])('damage is refused and its file named: %s', async (_, name, damage) => {
  sealSome();
  damage();
  await expect(openHistory(folder, () => 'log')).rejects.toMatchObject({ code: 'E_HISTORY_CORRUPT', message: expect.stringContaining(name), hint: expect.stringContaining('never judged') });
});

test('the timeline may grow after sealing, for its phases end later', async () => {
  sealSome();
  new TimelineWriter(folder, clock).append({ type: 'note', source: 'test', message: 'after' });
  expect(await (await openHistory(folder, () => 'log')).timeline()).toMatchObject([{ message: 'before' }, { message: 'after' }]);
});

/** As versions before seals left it. */
function unseal(): void {
  const { messages, seal } = runFiles(folder);
  writeFileSync(messages, readFileSync(messages, 'latin1').replaceAll('"sealed":true', '"seaIed":true'), 'latin1');
  rmSync(seal);
}

test('a run without a seal of an earlier version is read, and says that damage might go unnoticed', async () => {
  sealSome();
  unseal();
  const { integrity, batches } = await openHistory(folder, () => 'log');
  expect(integrity).toEqual({ whole: true, detail: expect.stringMatching(/^801 events of 1 workers; no checksums were kept/) });
  for await (const { length } of batches()) expect(length).toBe(801);
});

test('a seal from a newer version is refused as such', async () => {
  sealSome();
  const { seal } = runFiles(folder);
  writeFileSync(seal, readFileSync(seal, 'utf8').replace('seal@1', 'seal@2'));
  await expect(openHistory(folder, () => 'log')).rejects.toMatchObject({ code: 'E_HISTORY_NEWER' });
});

const clients = { producer: { program: null }, consumer: { program: null } };
test.each<[what: string, kind: EventKind, fields: EventFields]>([
  ['a reservation of four thousand million messages', eventKinds.reserved, { sequence: 0, offset: 0xffff_fff0 }],
  ['a message of its own far beyond all others', eventKinds.sent, { sequence: 0xffff_0000 }],
  ['a producer that did not run', eventKinds.sent, { producer: 7, sequence: 1 }],
  ['a partition that is not in the plan', eventKinds.delivered, { sequence: 1, partition: 9 }],
  ['an offset that nobody can have reached', eventKinds.stored, { sequence: 1, partition: 0, offset: 0xf000_0000 }],
  ['a kind that is none', 99 as EventKind, {}],
])('nothing makes room for %s', async (_, kind, fields) => {
  writeFileSync(runFiles(folder).plan, JSON.stringify({ schema: 'leaderfall/plan@1', scenario: { ...clients, destination: { partitions: 6 }, steps: [] } }));
  const recorder = writer('producer-0');
  recorder.append(kind, fields);
  recorder.close();
  sealHistory(folder, 'log', ['producer-0']);
  await expect(read()).rejects.toMatchObject({ code: 'E_HISTORY_CORRUPT', message: expect.stringContaining('messages.arrow has an event') });
});

test.each([-1, NaN, Infinity, 1e30])('nothing makes room for an event at %d ns', async (timeNs) => {
  const recorder = new SegmentWriter(runFiles(folder).segments, { name: 'producer-0', role: 'producer', index: 0 }, { nowNs: () => timeNs }, 0);
  recorder.append(eventKinds.sent, { sequence: 1 });
  recorder.close();
  sealHistory(folder, 'log', ['producer-0']);
  await expect(read()).rejects.toMatchObject({ code: 'E_HISTORY_CORRUPT' });
});

test('a program of the user\'s own may claim any partition and offset: that is its word, not damage', async () => {
  writeFileSync(runFiles(folder).plan, JSON.stringify({ schema: 'leaderfall/plan@1', scenario: { ...clients, producer: { program: ['mine'] }, destination: { partitions: 6 }, steps: [] } }));
  const recorder = writer('producer-0');
  recorder.append(eventKinds.acknowledged, { sequence: 1, partition: 500, offset: 0xf000_0000 });
  recorder.close();
  sealHistory(folder, 'log', ['producer-0']);
  expect((await read())[0]!.length).toBe(1);
});

test('an event takes 24 bytes in the sealed file', () => {
  const rows = 100_000;
  const recorder = writer('producer-0');
  for (let sequence = 0; sequence < rows; sequence++) recorder.append(eventKinds.sent, { sequence });
  recorder.close();
  sealHistory(folder, 'log', ['producer-0']);
  expect(statSync(runFiles(folder).messages).size / rows).toBeLessThan(24.1);
});

test('transposing keeps rows apart', () => {
  const bytes = new Uint8Array(48);
  bytes[20] = 1;
  bytes[44] = 2;
  expect([...transpose(bytes, 2).kind]).toEqual([1, 2]);
});

test('histories of earlier versions are read as what they meant', async () => {
  const inject = { kind: 'inject', fault: 'kill', id: 'kill', target: { role: 'leader', partition: 0 } };
  const scenario = { name: 'old', producer: { driver: 'kafkajs', count: 1 }, consumer: { driver: 'kafkajs' }, steps: [{ kind: 'quiesce' }, inject] };
  writeFileSync(runFiles(folder).plan, JSON.stringify({ schema: 'leaderfall/plan@1', scenario }));
  const faults = ['kill', 'replication-cut'].map((fault) => ({ timeNs: 1, type: 'fault', id: fault, fault, edge: 'begin', nodes: [], detail: '' }));
  writeFileSync(runFiles(folder).timeline, faults.map((fault) => `${JSON.stringify(fault)}\n`).join(''));
  writer('producer-0').close();
  sealHistory(folder, 'log', ['producer-0']);
  const history = await openHistory(folder, () => 'log');
  expect(history.plan.scenario).toMatchObject({
    name: 'old', only: null, conditions: [], producer: { driver: 'kafkajs', program: null, routing: 'explicit', keys: 100 },
    consumer: { program: null, refuse: null }, steps: [{ kind: 'quiesce' }, { ...inject, parameters: {} }],
  });
  expect((await history.timeline()).map((entry) => (entry.type === 'fault' ? entry.strikes : entry.type))).toEqual(['node', 'link']);
});

test('what is written today is left as it is', async () => {
  const scenario = {
    only: { versions: ['4.1'], because: 'x' }, conditions: [], producer: { program: null, routing: 'keyed', keys: 7 }, consumer: { program: null, refuse: { every: 3, requeue: true } },
    steps: [{ kind: 'inject', parameters: { times: 2 } }],
  };
  writeFileSync(runFiles(folder).plan, JSON.stringify({ schema: 'leaderfall/plan@1', scenario }));
  new TimelineWriter(folder, clock).append({ type: 'fault', id: 'f', fault: 'kill', strikes: 'client', edge: 'begin', nodes: ['consumer-0'], detail: '' });
  writer('producer-0').close();
  sealHistory(folder, 'log', ['producer-0']);
  const history = await openHistory(folder, () => 'log');
  expect(history.plan.scenario).toEqual(scenario);
  expect(await history.timeline()).toMatchObject([{ strikes: 'client' }]);
});

test('batches that nobody wants are not read', async () => {
  const recorder = writer('producer-0');
  recorder.append(eventKinds.sent, { producer: 0, sequence: 0 });
  recorder.close();
  sealHistory(folder, 'log', ['producer-0']);
  const history = await openHistory(folder, () => 'log');
  const read = async (wanted?: (index: number) => boolean) => { let count = 0; for await (const batch of history.batches(wanted)) count += batch.length; return count; };
  expect([await read(), await read((index) => index === 0), await read(() => false)]).toEqual([1, 1, 0]);
});
