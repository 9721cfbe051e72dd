// Workers are SIGKILLed at a hundred random instants; what their files say is compared with the ledger of the server they spoke to.
// Method: a random time after the process was forked, or after it said that it is ready, so that start-up, first sends,
// flushes and settlements are all hit, on a fast machine and on a slow one.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { monotonicClock, seededPrng } from '../model/clock.ts';
import { eventKinds } from '../model/event.ts';
import type { Facts } from '../model/facts.ts';
import type { EventBatch } from '../model/history.ts';
import { decodeHeader, encodePayload } from '../model/message.ts';
import { waitUntil } from '../model/wait.ts';
import { check } from '../checkers/check.ts';
import { openHistory } from '../history/open-history.ts';
import { runFiles } from '../history/segment-format.ts';
import { sealHistory } from '../history/seal.ts';
import { SegmentWriter } from '../history/segment-writer.ts';
import { TimelineWriter } from '../history/timeline-writer.ts';
import { defineScenario } from '../scenario/define-scenario.ts';
import { makePlan } from '../scenario/plan.ts';
import type { WorkerSetup } from '../workload/protocol.ts';
import { LedgerServer } from './testing/ledger-server.ts';

const kills = 50;
const atOnce = 2;
/** One kill in four strikes during start-up. */
const duringStart = 0.25;
const startMs = 400;
/** A few hundred messages long. */
const trafficMs = 300;

interface Instant {
  readonly after: 'fork' | 'ready';
  readonly ms: number;
}
const entry = fileURLToPath(new URL('./worker-entry.ts', import.meta.url));

const scenario = defineScenario({
  name: 'memory/ledger', cluster: { broker: 'memory' }, producer: { inFlight: 8 }, consumer: { prefetch: 10 },
  steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' },
});

class Bench implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'leaderfall-kill-'));
  readonly originNs = String(process.hrtime.bigint());
  readonly plan = makePlan({ scenario, seed: 'ledger', repetition: 1, createdAt: '2026-01-01T00:00:00.000Z' });
  readonly timeline = new TimelineWriter(this.folder, monotonicClock(this.originNs));
  readonly workers: string[] = [];
  readonly children: ChildProcess[] = [];
  readonly server: LedgerServer;

  private constructor(server: LedgerServer) {
    this.server = server;
    writeFileSync(runFiles(this.folder).plan, JSON.stringify(this.plan));
  }

  static async open(): Promise<Bench> {
    const { runTag } = makePlan({ scenario, seed: 'ledger', repetition: 1, createdAt: '2026-01-01T00:00:00.000Z' });
    return new Bench(await LedgerServer.start(runTag));
  }

  recorder(name: string, role: 'producer' | 'audit'): SegmentWriter {
    this.workers.push(name);
    return new SegmentWriter(runFiles(this.folder).segments, { name, role, index: 0 }, monotonicClock(this.originNs), 0);
  }

  /** Forks a worker and kills it at the instant. A producer is told to begin as soon as it is ready. */
  async forkAndKill(role: 'producer' | 'consumer', instant: Instant): Promise<void> {
    const child = this.fork(role, 0);
    const ready = once(child, 'message');
    ready.then(() => child.send({ type: 'resume' }, () => {}), () => {});
    if (instant.after === 'ready') await ready;
    await delay(instant.ms);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  fork(role: 'producer' | 'consumer', index: number): ChildProcess {
    const setup: WorkerSetup = {
      name: `${role}-${index}`, role, index, segments: runFiles(this.folder).segments, runTag: this.plan.runTag, originNs: this.originNs, wallOriginMs: 0,
      connection: { broker: 'memory', endpoints: [{ node: 'memory-1', host: this.server.path, port: 0 }] }, destination: { name: 'ledger', partitions: 1 },
      destinationSpec: scenario.destination, leader: null, producer: scenario.producer, consumer: scenario.consumer, payloadBytes: 64, stalled: false,
    };
    const child = fork(entry, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
    child.on('error', () => {});
    child.send({ type: 'setup', setup }, () => {});
    this.children.push(child);
    return child;
  }

  /** Seals, checks and hands the events over. `audited` are the payloads that the server still holds. */
  async facts(workers: readonly string[], audited: readonly Buffer[]): Promise<{ readonly facts: Facts; readonly batches: readonly EventBatch[] }> {
    const audit = this.recorder('audit', 'audit');
    audited.forEach((payload, offset) => {
      const { producer, sequence, attempt } = decodeHeader(payload, this.plan.runTag)!;
      audit.append(eventKinds.stored, { producer, sequence, attempt, partition: 0, offset });
    });
    audit.close();
    this.timeline.append({ type: 'drain', conclusive: true, detail: 'by the ledger' });
    this.timeline.append({ type: 'audit', conclusive: true, detail: 'by the ledger', records: audited.length, positions: { partitions: [] } });
    const killed = ['producer-0', 'consumer-0'];
    sealHistory(this.folder, 'queue', workers, killed);
    const history = await openHistory(this.folder, () => 'queue');
    const batches: EventBatch[] = [];
    for await (const batch of history.batches()) batches.push(batch);
    return { facts: await check(history), batches };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    this.timeline[Symbol.dispose]();
    await this.server[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs `work` once for each kill, a few at once; the instants come from one seed. */
async function atRandomInstants(label: string, work: (instant: Instant) => Promise<void>): Promise<void> {
  const prng = seededPrng(label);
  const instants = Array.from({ length: kills }, (): Instant =>
    prng.next() < duringStart ? { after: 'fork', ms: prng.next() * startMs } : { after: 'ready', ms: prng.next() * trafficMs });
  const lanes = Array.from({ length: atOnce }, async () => {
    for (let instant = instants.pop(); instant !== undefined; instant = instants.pop()) await work(instant);
  });
  await Promise.all(lanes);
}

const count = ({ measures }: Facts, measure: string) => measures.find((fact) => fact.measure === measure)!.count;

function idsOf(batches: readonly EventBatch[], kind: number): Set<string> {
  const ids = new Set<string>();
  for (const batch of batches) for (let row = 0; row < batch.length; row++) if (batch.kind[row] === kind) ids.add(`${batch.producer[row]}:${batch.sequence[row]}`);
  return ids;
}

test(`a producer killed at ${kills} random instants yields no false loss, phantom or duplicate`, { timeout: 400_000 }, async () => {
  let reached = 0;
  await atRandomInstants('producers', async (instant) => {
    await using bench = await Bench.open();
    await bench.forkAndKill('producer', instant);
    // What the kernel still delivers after the kill is in the ledger too.
    await delay(20);
    const { facts, batches } = await bench.facts([], bench.server.received);
    for (const measure of ['lost', 'phantom', 'ghost', 'copies', 'republished', 'strangers', 'corrupted']) expect([measure, count(facts, measure)]).toEqual([measure, 0]);
    const acknowledged = idsOf(batches, eventKinds.acknowledged);
    expect([...acknowledged].filter((id) => !bench.server.answered.has(id))).toEqual([]);
    expect(facts.totals.storedIds).toBe(bench.server.received.length);
    expect(facts.totals.acknowledged).toBe(acknowledged.size);
    expect(facts.accounting.addsUp).toBe(true);
    reached += bench.server.received.length;
  });
  expect(reached, 'no kill came after the first message: the test shows nothing').toBeGreaterThan(kills);
});

test(`a consumer killed at ${kills} random instants loses nothing that it recorded and settles nothing that it did not process`, { timeout: 400_000 }, async () => {
  let redeliveries = 0;
  await atRandomInstants('consumers', async (instant) => {
    await using bench = await Bench.open();
    fillQueue(bench, 400);
    await bench.forkAndKill('consumer', instant);
    const settledByFirst = new Set(bench.server.settled);
    const second = bench.fork('consumer', 1);
    await waitUntil(async () => (bench.server.unsettled === 0 ? { done: true, value: undefined } : { done: false, seen: `${bench.server.unsettled} unsettled` }),
      { describe: 'the second consumer to settle the rest', timeoutMs: 30_000, intervalMs: 20, signal: new AbortController().signal });
    second.send({ type: 'stop', graceMs: 1_000 }, () => {});
    await once(second, 'exit');
    const { facts, batches } = await bench.facts(['consumer-1'], []);
    for (const measure of ['lost', 'stuck', 'phantom', 'ghost', 'repeated', 'copies', 'strangers']) expect([measure, count(facts, measure)]).toEqual([measure, 0]);
    const processed = idsOf(batches, eventKinds.processed);
    expect([...settledByFirst].filter((id) => !processed.has(id)), 'settled with the broker before its processing was on file').toEqual([]);
    expect(count(facts, 'redelivered')).toBe(bench.server.redeliveries);
    expect(count(facts, 'processedTwice')).toBeLessThanOrEqual(bench.server.redeliveries);
    redeliveries += bench.server.redeliveries;
  });
  expect(redeliveries, 'no kill struck between delivery and settlement: the test shows nothing').toBeGreaterThan(0);
});

/** The queue's content, and the producer's history of it, as if a producer had published it before. */
function fillQueue(bench: Bench, messages: number): void {
  const recorder = bench.recorder('producer-0', 'producer');
  recorder.append(eventKinds.reserved, { producer: 0, sequence: 0, offset: messages });
  for (let sequence = 0; sequence < messages; sequence++) {
    recorder.append(eventKinds.sent, { producer: 0, sequence, attempt: 1, partition: 0 });
    recorder.append(eventKinds.acknowledged, { producer: 0, sequence, attempt: 1, partition: 0 });
    bench.server.enqueue(encodePayload({ run: bench.plan.runTag, producer: 0, sequence, attempt: 1, sentNs: 0 }, new Uint8Array(64)));
  }
  recorder.close();
}
