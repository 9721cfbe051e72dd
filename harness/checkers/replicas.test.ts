// What is told of replicas, planted: how many were left and needed, and when all were back; partition by partition and fault by fault.
import { describe, expect, it } from 'vitest';
import type { FaultFact, Facts } from '../model/facts.ts';
import type { FaultName, Scenario } from '../model/scenario.ts';
import { check } from './check.ts';
import { HistoryBuilder } from './testing/history-builder.ts';
import { scenarioOf } from './testing/plan.ts';

const kafka = (acks: unknown, minInsyncReplicas: number, nodes = 3): Partial<Scenario> => ({
  cluster: { ...scenarioOf().cluster, broker: 'kafka', version: '4.1', nodes },
  destination: { partitions: 1, settings: { replicationFactor: 3, minInsyncReplicas } },
  producer: { ...scenarioOf().producer, policy: { acks } },
});
const rabbitmq = (type: string): Partial<Scenario> => ({
  cluster: { ...scenarioOf().cluster, broker: 'rabbitmq', version: '4.1', nodes: 3 }, destination: { partitions: 1, settings: { type } },
});
const three = ['a', 'b', 'c'];

/** A run with traffic on some partitions; messages are sent every 10 ms until it is told otherwise. */
class Run {
  readonly builder: HistoryBuilder;
  #sequence = 0;

  constructor(scenario: Partial<Scenario>, replicas: readonly string[] = three, partitions: readonly number[] = [0]) {
    this.builder = new HistoryBuilder({ storeKind: 'log', producers: 2, scenario });
    for (const partition of partitions) this.inSync(100, replicas, partition);
  }

  oks(fromMs: number, toMs: number, partition = 0): this {
    for (let at = fromMs; at < toMs; at += 10) this.attempt(at, 1, 'acknowledged', partition);
    return this;
  }

  attempt(sentMs: number, tookMs: number, outcome: 'acknowledged' | 'failed' | 'indeterminate' = 'acknowledged', partition = 0): this {
    const sequence = this.#sequence++;
    this.builder.produced(partition, 'sent', sequence, { atMs: sentMs, partition }).produced(partition, outcome, sequence, { atMs: sentMs + tookMs, partition });
    return this;
  }

  inSync(atMs: number, nodes: readonly string[], partition = 0): this {
    this.builder.at(atMs, { type: 'in-sync', partition, nodes });
    return this;
  }

  /** @param fault a fault's name, which is also its id. */
  struck(fault: string, nodes: readonly string[], fromMs: number, healedMs: number | null, id = fault): this {
    const edge = (atMs: number, name: 'begin' | 'struck' | 'healed') => this.builder.at(atMs, { type: 'fault', id, fault: fault as FaultName, strikes: 'node', edge: name, nodes, detail: '' });
    edge(fromMs, 'begin');
    edge(fromMs + 1, 'struck');
    if (healedMs !== null) edge(healedMs, 'healed');
    return this;
  }

  whole(atMs: number): this {
    this.builder.at(atMs, { type: 'step', index: 9, kind: 'redundant', edge: 'end', detail: '' });
    return this;
  }

  async facts(): Promise<Facts> {
    return await check(this.builder.at(200_000, { type: 'drain', conclusive: true, detail: '' }).build());
  }

  async fault(id: string): Promise<FaultFact> {
    return (await this.facts()).faults.find((fault) => fault.id === id)!;
  }
}

describe('time to full redundancy', () => {
  const killed = () => new Run(kafka('all', 2)).struck('kill', ['a'], 1_000, 3_000);

  it('lasts until the replica that was killed is in sync again, not until its process runs', async () => {
    expect(await killed().inSync(2_000, ['b', 'c']).inSync(7_001, three).fault('kill')).toMatchObject({ timeToRedundancyMs: 6_000, partitions: [{ timeToRedundancyMs: 6_000 }] });
  });

  it('is not over while the broker still believes a dead replica to be in sync', async () => {
    expect((await killed().inSync(3_500, ['b', 'c']).inSync(9_001, three).fault('kill')).timeToRedundancyMs).toBe(8_000);
  });

  it('goes on over the next fault where the broker never noticed, and the node was struck again before all was whole', async () => {
    const run = killed().struck('kill', ['a'], 3_001, 6_000, 'again').inSync(4_000, ['b', 'c']).inSync(9_001, three);
    expect((await run.fault('kill')).timeToRedundancyMs).toBe(8_000);
    expect((await run.fault('again')).timeToRedundancyMs).toBe(5_999);
  });

  it('is that of the whole cluster where the broker never noticed', async () => {
    expect((await killed().whole(6_001).fault('kill')).timeToRedundancyMs).toBe(5_000);
  });

  it('is told for each partition, and the slowest is the fault\'s', async () => {
    const run = new Run(kafka('all', 2), three, [0, 1]).struck('kill', ['a'], 1_000, 3_000)
      .inSync(2_000, ['b', 'c']).inSync(2_000, ['b', 'c'], 1).inSync(5_001, three).inSync(8_001, three, 1);
    expect(await run.fault('kill')).toMatchObject({ timeToRedundancyMs: 7_000, partitions: [{ partition: 0, timeToRedundancyMs: 4_000 }, { partition: 1, timeToRedundancyMs: 7_000 }] });
  });

  it('is told for each fault: what the second takes away again was back before', async () => {
    const run = killed().inSync(2_000, ['b', 'c']).inSync(4_001, three).struck('again', ['b'], 10_000, 11_000).inSync(10_500, ['a', 'c']).inSync(15_001, three);
    expect((await run.fault('kill')).timeToRedundancyMs).toBe(3_000);
  });

  it('does not end with a return that does not last', async () => {
    expect((await killed().inSync(2_000, ['b', 'c']).inSync(4_000, three).inSync(5_000, ['b', 'c']).inSync(6_001, three).fault('kill')).timeToRedundancyMs).toBe(5_000);
  });

  it('of overlapping faults is over when both are', async () => {
    const run = new Run(kafka('all', 2)).struck('pause', ['a'], 1_000, 4_000).struck('kill', ['b'], 2_000, 3_000).inSync(2_500, ['a', 'c']).inSync(5_001, three);
    expect((await run.fault('pause')).timeToRedundancyMs).toBe(4_000);
  });

  it('of a short freeze that the broker did not notice ends with it', async () => {
    expect((await new Run(kafka('all', 2)).struck('pause', ['a'], 1_000, 2_001).fault('pause')).timeToRedundancyMs).toBe(1_000);
  });

  it('waits for the broker\'s word where its view tells only who is online', async () => {
    const run = () => new Run(rabbitmq('quorum')).struck('kill', ['a'], 1_000, 3_000).inSync(1_500, ['b', 'c']).inSync(4_000, three);
    expect((await run().fault('kill')).timeToRedundancyMs).toBeNull();
    expect((await run().whole(9_001).fault('kill')).timeToRedundancyMs).toBe(8_000);
  });

  it('is not seen where the replica never came back', async () => {
    expect((await killed().inSync(2_000, ['b', 'c']).fault('kill')).timeToRedundancyMs).toBeNull();
  });
});

describe('what the replication can survive', () => {
  const survivalOf = async (run: Run) => (await run.facts()).faults.map(({ id, partitions }) => [id, partitions[0]!.survivable]);
  const because = async (run: Run, id: string) => (await run.fault(id)).partitions[0]!.because;

  it.each([
    ['one of three with acks=all', kafka('all', 2), ['a'], true, '2 of 3 replicas left in sync while a was away, 2 needed (acks=all, min.insync.replicas=2)'],
    ['two of three with acks=all', kafka('all', 2), ['a', 'b'], false, '1 of 3 replicas left in sync while a, b were away, 2 needed (acks=all, min.insync.replicas=2); 1 of 3 controllers left, 2 needed to elect a leader'],
    ['two of five nodes with acks=1', kafka('1', 2, 5), ['a', 'b'], true, '1 of 3 replicas left in sync while a, b were away, 1 needed (acks=1)'],
    ['one of three that all must acknowledge', kafka('all', 3), ['a'], false, '2 of 3 replicas left in sync while a was away, 3 needed (acks=all, min.insync.replicas=3)'],
    ['one of three members of a quorum queue', rabbitmq('quorum'), ['a'], true, '2 of 3 members left online while a was away, 2 needed (a majority of its members)'],
    ['two of three members of a stream', rabbitmq('stream'), ['a', 'c'], false, '1 of 3 members left online while a, c were away, 2 needed (a majority of its members)'],
    ['two of three copies of a mirrored queue', rabbitmq('classic'), ['a', 'b'], true, '1 of 3 replicas left in sync while a, b were away, 1 needed (one copy that holds everything)'],
  ] as const)('%s', async (_, scenario, nodes, survivable, words) => {
    const run = new Run(scenario).struck('kill', nodes, 1_000, 3_000);
    expect([await survivalOf(run), await because(run, 'kill')]).toEqual([[['kill', survivable]], words]);
  });

  it('is less than the only copy', async () => {
    const run = new Run(rabbitmq('classic'), ['a']).struck('kill', ['a'], 1_000, 3_000);
    expect([await survivalOf(run), await because(run, 'kill')]).toEqual([[['kill', false]], 'its only copy was not there while a was away, 1 needed (one copy that holds everything)']);
  });

  it('counts what overlaps: the second fault is one too many, the first was not', async () => {
    expect(await survivalOf(new Run(kafka('all', 2)).struck('pause', ['a'], 1_000, 9_000).struck('kill', ['b'], 2_000, 3_000))).toEqual([['pause', true], ['kill', false]]);
  });

  it('does not count what was over, and back in sync, before', async () => {
    const run = new Run(kafka('all', 2)).struck('kill', ['a'], 1_000, 2_000).inSync(1_500, ['b', 'c']).inSync(4_000, three).struck('stop', ['b'], 5_000, 6_000);
    expect(await survivalOf(run)).toEqual([['kill', true], ['stop', true]]);
  });

  it('counts a replica that was started and is not in sync yet as missing', async () => {
    const run = new Run(kafka('all', 2)).struck('kill', ['a'], 1_000, 2_000).inSync(1_500, ['b', 'c']).struck('stop', ['b'], 5_000, 6_000).inSync(7_000, three);
    expect(await survivalOf(run)).toEqual([['kill', true], ['stop', false]]);
  });

  it('counts replicas that fell behind without being struck', async () => {
    const run = new Run(kafka('all', 1)).struck('replication-cut', ['a'], 1_000, 3_000).inSync(2_000, ['a']).struck('kill', ['a'], 2_500, 4_000);
    expect(await survivalOf(run)).toEqual([['replication-cut', true], ['kill', false]]);
  });

  it('is not known where nobody saw the replicas, or it is not clear whom a fault cut off', async () => {
    expect(await survivalOf(new Run(kafka('all', 2), three, []).struck('kill', ['a'], 1_000, 2_000))).toEqual([['kill', null]]);
    expect(await survivalOf(new Run(kafka('all', 2)).struck('one-of-tomorrow', ['a'], 1_000, 2_000))).toEqual([['one-of-tomorrow', null]]);
    expect(await survivalOf(new Run(kafka(undefined, 2)).struck('kill', ['a'], 1_000, 2_000))).toEqual([['kill', null]]);
  });

  it('counts a separated minority as away; of a separated half or majority it is not known which side goes on', async () => {
    const separated = (nodes: readonly string[], scenario = kafka('all', 2)) => new Run(scenario).struck('partition', nodes, 1_000, 9_000).inSync(3_000, ['b', 'c']).inSync(10_000, three);
    expect([await survivalOf(separated(['a'])), await because(separated(['a']), 'partition')]).toEqual([[['partition', true]], '2 of 3 replicas left in sync while a was away, 2 needed (acks=all, min.insync.replicas=2)']);
    expect(await survivalOf(separated(['a'], kafka('all', 3)))).toEqual([['partition', false]]);
    expect(await survivalOf(new Run(rabbitmq('quorum')).struck('partition', ['a', 'b'], 1_000, 3_000))).toEqual([['partition', null]]);
    expect(await survivalOf(separated(['a'], kafka('all', 2, 2)))).toEqual([['partition', null]]);
    expect(await survivalOf(new Run(kafka('all', 2)).struck('partition-one-way', ['a'], 1_000, 3_000))).toEqual([['partition-one-way', null]]);
  });

  it('is told of each window, at its worst moment', async () => {
    const run = new Run(kafka('all', 2)).oks(500, 1_000).attempt(1_000, 1_000).oks(2_000, 4_000).attempt(4_000, 2_000).oks(6_000, 7_000)
      .struck('kill', ['a'], 1_000, null).inSync(1_200, ['b', 'c']).struck('stop', ['b'], 4_500, null);
    expect((await run.facts()).unavailable.map(({ fromMs, survivable }) => [fromMs, survivable])).toEqual([[991, true], [3991, false]]);
  });
});

describe('a fault, partition by partition', () => {
  it('is detected where it shows, and over where sustained success is back: one lucky send is not', async () => {
    const run = new Run(kafka('all', 2), three, [0, 1]).struck('kill', ['a'], 999, 8_000).oks(0, 5_000)
      .oks(0, 1_000, 1).attempt(1_000, 400, 'indeterminate', 1).attempt(1_500, 10, 'acknowledged', 1).attempt(1_520, 500, 'failed', 1).oks(3_000, 5_000, 1);
    const { partitions, timeToDetectMs, timeToRecoverMs } = await run.fault('kill');
    expect(partitions).toMatchObject([{ partition: 0, timeToDetectMs: null, timeToRecoverMs: 0 }, { partition: 1, timeToDetectMs: 400, timeToRecoverMs: 2_001 }]);
    expect([timeToDetectMs, timeToRecoverMs]).toEqual([400, 2_001]);
  });

  it('is not detected by what shows only after the next one began', async () => {
    const run = new Run(kafka('all', 2)).oks(0, 5_000).struck('pause', ['a'], 1_000, 2_000).struck('kill', ['b'], 5_000, 6_000).attempt(5_000, 1_000, 'indeterminate').oks(6_000, 7_000);
    expect((await run.facts()).faults.map(({ id, timeToDetectMs }) => [id, timeToDetectMs])).toEqual([['pause', null], ['kill', 999]]);
  });
});
