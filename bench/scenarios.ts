// Recording overhead with both drivers, and what a run on a warm cluster takes beyond the broker's own failover.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafka } from '../harness/brokers/kafka/index.ts';
import { rabbitmq } from '../harness/brokers/rabbitmq/index.ts';
import { defineScenario, runSuite } from '../harness/index.ts';
import type { RunRecord } from '../harness/model/run-record.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { suites } from '../suites/index.ts';
import { benchRecording } from './recording.ts';
import { median, type Row } from './row.ts';

const warmRuns = 4;
const warmNames = ['kafka/acks-all/leader-kill', 'rabbitmq/quorum-confirms/leader-kill'];

const nothing = { steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' } } as const;
const subjects = [
  { broker: kafka, scenario: defineScenario({ ...nothing, name: 'bench/kafkajs', cluster: { broker: 'kafka' }, producer: { acks: 'all', inFlight: 8, batch: 100 }, payloadBytes: 256 }) },
  { broker: rabbitmq, scenario: defineScenario({ ...nothing, name: 'bench/amqplib', cluster: { broker: 'rabbitmq' }, producer: { inFlight: 200 }, payloadBytes: 256 }) },
] as const;

export async function benchScenarios(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { broker, scenario } of subjects) {
    await using cluster = await broker.startCluster({ spec: scenario.cluster, runId: `bench-${process.pid}`, keep: false, signal: AbortSignal.timeout(180_000), onProgress: () => {} });
    rows.push(await benchRecording(cluster, broker, scenario));
  }
  for (const scenario of warmNames.map(shipped)) rows.push(...await warm(scenario));
  return rows;
}

function shipped(name: string): Scenario {
  const scenario = suites.find((candidate) => candidate.name === name);
  if (scenario === undefined) throw new Error(`suites/ ships no scenario ${name}`);
  return scenario;
}

/** The first of the runs starts the cluster and is left out. */
async function warm(scenario: Scenario): Promise<readonly Row[]> {
  const out = mkdtempSync(join(tmpdir(), 'leaderfall-bench-'));
  try {
    const { suite } = await runSuite({ scenarios: [scenario], seed: 'bench', repeat: warmRuns + 1, out, command: 'bench', signal: AbortSignal.timeout(600_000), onProgress: () => {} });
    const runs = suite.runs.slice(1);
    const delays = runs.flatMap(({ facts }) => facts!.faults.flatMap(({ delayMs }) => (delayMs === null ? [] : [delayMs])));
    return [
      { name: `${scenario.name} on a warm cluster`, value: median(runs.map(({ durationMs }) => durationMs)) / 1_000, unit: 's', note: `median of ${runs.length}` },
      { name: `${scenario.name}, beyond the broker's own failover`, value: median(runs.map(beyondFailover)) / 1_000, unit: 's', budget: 20 },
      { name: `${scenario.name}, trigger to node dead`, value: median(delays), unit: 'ms', budget: 300, note: `longest ${Math.round(Math.max(...delays))} ms` },
    ];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Without the time from the strike until the broker was fully redundant again. */
const beyondFailover = ({ durationMs, facts }: RunRecord): number => durationMs - Math.max(0, ...facts!.faults.map(({ timeToRedundancyMs }) => timeToRedundancyMs ?? 0));
