// How a worker ends when it is told to: its client gets the time that it was told of, and what came of that is its exit code.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { BrokerModule } from '../model/broker.ts';
import { consumerCloseMs, type ConsumerClient } from '../model/client.ts';
import { LeaderfallError } from '../model/errors.ts';
import { segmentFiles, type SegmentHeader } from '../history/segment-format.ts';
import { consumerSpec, producerSpec } from './program/testing/place.ts';
import type { WorkerReport, WorkerSetup } from './protocol.ts';
import { Worker } from './worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'leaderfall-worker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A worker whose consumer closes as it is said, with what it reported and the code with which it ended. */
async function consuming(name: string, close: ConsumerClient['close']) {
  const reports: WorkerReport[] = [];
  const exit = Promise.withResolvers<number>();
  const client: ConsumerClient = { start: async () => {}, alive: () => true, close, [Symbol.asyncDispose]: async () => {} };
  const broker = { createConsumer: async () => client } as unknown as BrokerModule;
  const worker = new Worker({ send: (report) => { reports.push(report); }, exit: exit.resolve, die: () => {} }, async () => broker);
  const setup: WorkerSetup = {
    name, role: 'consumer', index: 0, segments: folder, runTag: '00112233aabbccdd', originNs: String(process.hrtime.bigint()), wallOriginMs: 0,
    connection: { broker: 'memory', endpoints: [] }, destination: { name: 'orders', partitions: 1 }, destinationSpec: { partitions: 1, settings: {} }, leader: null,
    producer: producerSpec, consumer: consumerSpec, payloadBytes: 32, stalled: false,
  };
  await worker.handle({ type: 'setup', setup });
  const notes = () => reports.flatMap((report) => (report.type === 'note' ? report.message : []));
  return { worker, reports, notes, exit: exit.promise };
}

test('a consumer gets the time that its worker was told of, and a close in good order is exit code 0', async () => {
  const told: number[] = [];
  const { worker, exit, notes } = await consuming('in-order', async (withinMs) => { told.push(withinMs); });
  await worker.handle({ type: 'stop', graceMs: 7_000 });
  expect([told, await exit, notes()]).toEqual([[7_000], 0, []]);
});

test('by SIGTERM it gets the time that consumers have to close', async () => {
  const told: number[] = [];
  const { worker, exit } = await consuming('terminated', async (withinMs) => { told.push(withinMs); });
  await worker.terminate();
  expect([told, await exit]).toEqual([[consumerCloseMs], 0]);
});

test('a close that came to no end is on record and no exit code 0, and what was recorded is kept: the worker did not fail', async () => {
  const { worker, exit, notes, reports } = await consuming('late', async () => { throw new LeaderfallError('E_TIMEOUT', 'leaving the group took longer than 10 ms'); });
  await worker.handle({ type: 'stop', graceMs: 10 });
  expect([await exit, notes()]).toEqual([3, [expect.stringMatching(/^it did not close in good order: .*leaving the group took longer than 10 ms$/)]]);
  expect(reports.map(({ type }) => type)).not.toContain('failed');
  expect(reports.at(-1)).toEqual({ type: 'stopped' });
  expect((JSON.parse(readFileSync(segmentFiles(folder, 'late').header, 'utf8')) as SegmentHeader).records).toBe(0);
});

test('a client that hangs in its close is cut off soon after its time', async () => {
  const { worker, exit, notes } = await consuming('hung', () => new Promise(() => {}));
  await worker.handle({ type: 'stop', graceMs: 10 });
  expect([await exit, notes()]).toEqual([3, [expect.stringMatching(/^it did not close in good order: .*closing the consumer took longer than \d+ ms$/)]]);
});
