// What recording costs: CPU per message of the same client loop with and without a recorder, on a live cluster.
// Pairs in ABBA order in one process, so that drift of the machine and of the JIT falls on both sides alike.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerModule } from '../harness/model/broker.ts';
import { monotonicClock } from '../harness/model/clock.ts';
import type { Cluster, Destination } from '../harness/model/cluster.ts';
import type { ProducerClient } from '../harness/model/client.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { SegmentWriter, type Recorder } from '../harness/history/segment-writer.ts';
import { Publisher } from '../harness/workload/publisher.ts';
import { interval, type Row } from './row.ts';

const pairs = 12;
const messagesPerSide = 20_000;
const warmUp = 20_000;

const nothing: Recorder = { append: () => {}, codeOf: () => 0, flush: () => {}, flushed: () => Promise.resolve() };

/** On a cluster that is up. `scenario` says which driver and policy. */
export async function benchRecording(cluster: Cluster, broker: BrokerModule, scenario: Scenario): Promise<Row> {
  const signal = AbortSignal.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), 'leaderfall-bench-'));
  const destination = await cluster.createDestination({ name: 'bench', ...scenario.destination }, signal);
  const client = await connect(cluster, broker, scenario, destination);
  const clock = monotonicClock(String(process.hrtime.bigint()));
  const recorder = new SegmentWriter(folder, { name: 'producer-0', role: 'producer', index: 0 }, clock, Date.now());
  try {
    await cpuPerMessage(client, scenario, recorder, warmUp);
    await cpuPerMessage(client, scenario, nothing, warmUp);
    const ratios: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const order = pair % 2 === 0 ? [recorder, nothing] : [nothing, recorder];
      const [first, second] = [await cpuPerMessage(client, scenario, order[0]!, messagesPerSide), await cpuPerMessage(client, scenario, order[1]!, messagesPerSide)];
      ratios.push(pair % 2 === 0 ? first / second : second / first);
    }
    const { mean, halfWidth } = interval(ratios);
    return { name: `recording, ${scenario.producer.driver}`, value: mean, unit: 'x CPU of the bare loop', budget: 1.05, note: `± ${halfWidth.toFixed(3)} over ${pairs} ABBA pairs of ${messagesPerSide} messages` };
  } finally {
    recorder.close();
    await client[Symbol.asyncDispose]();
    await cluster.deleteDestination(destination, signal);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function connect(cluster: Cluster, broker: BrokerModule, scenario: Scenario, destination: Destination): Promise<ProducerClient> {
  const context = { connection: cluster.connection(), destination, destinationSpec: scenario.destination, leader: null, index: 0, onNote: () => {} };
  const client = await broker.createProducer(context, scenario.producer);
  await client.connect(AbortSignal.timeout(20_000));
  return client;
}

/** Microseconds of user and system time of this process per message. */
async function cpuPerMessage(client: ProducerClient, scenario: Scenario, recorder: Recorder, messages: number): Promise<number> {
  const { inFlight, batch, routing, keys } = scenario.producer;
  const publisher = new Publisher({
    client, recorder, clock: { nowNs: () => performance.now() * 1e6 }, runTag: '0123456789abcdef', producer: 0, partitions: scenario.destination.partitions,
    payloadBytes: scenario.payloadBytes, inFlight, batch, routing, keys, ratePerSecond: null, resend: 'never',
  });
  const before = process.cpuUsage();
  const { complete } = await publisher.publishClosed(messages, AbortSignal.timeout(120_000));
  const { user, system } = process.cpuUsage(before);
  if (!complete || publisher.counters.acknowledged !== messages) throw new Error(`only ${publisher.counters.acknowledged} of ${messages} were acknowledged: the comparison would not be fair`);
  return (user + system) / messages;
}
