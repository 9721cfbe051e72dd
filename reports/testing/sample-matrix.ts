// A suite over several versions of two brokers, with unsafe twins, clients that lie, and what does not apply. Deterministic; for tests only.
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { repeatedSuite, requiredRun, safeTwinRun, sampleRun, upheldRun, upheldSuite, violatedRun, inconclusiveRun } from './sample-records.ts';
import { sampleFault } from './sample-facts.ts';

/** The same run as another scenario, on another version. */
export function asScenario(run: RunRecord, name: string, version: string, twin: string | null = null): RunRecord {
  return {
    ...run, runId: `${run.runId}-${name}-${version}`, scenario: { ...run.scenario, name, twin, cluster: { ...run.scenario.cluster, version } }, environment: { ...run.environment, brokerVersion: `${version}.1` },
    reproduce: `npx leaderfall run ${name} --broker-version ${run.scenario.cluster.broker}=${version} --seed ${run.seed}`,
  };
}

const calmRun = sampleRun({
  scenario: { ...upheldRun.scenario, title: 'No fault: what the policy does on a quiet day', steps: [{ kind: 'wait', trigger: { acknowledged: 5000 } }] },
  facts: { ...upheldRun.facts!, faults: [], unavailable: [], leaderChanges: [] },
});

const kafkaVersions = ['3.9', '4.1', '4.3'] as const;
const rabbitVersions = ['3.10', '4.0', '4.3'] as const;

const kafkaRuns = kafkaVersions.flatMap((version) => [
  asScenario(calmRun, 'kafka/acks-all/baseline', version), asScenario(upheldRun, 'kafka/acks-all/leader-kill', version),
  asScenario(safeTwinRun, 'kafka/acks-all/leader-kill-behind', version, 'kafka/acks-1/leader-kill-behind'), asScenario(requiredRun, 'kafka/acks-1/leader-kill-behind', version, 'kafka/acks-all/leader-kill-behind'),
]);

const rabbitRuns = rabbitVersions.flatMap((version) => [
  asScenario(version === '4.0' ? violatedRun : { ...upheldRun, scenario: violatedRun.scenario, environment: violatedRun.environment }, 'rabbitmq/quorum-confirms/leader-kill', version),
  asScenario(version === '4.3' ? inconclusiveRun : { ...upheldRun, scenario: inconclusiveRun.scenario }, 'rabbitmq/classic-confirms/home-node-kill', version),
]);

const conditioned: RunRecord = {
  ...asScenario(upheldRun, 'kafka/acks-all-elr/last-replica-kill', '4.1'),
  scenario: {
    ...asScenario(upheldRun, 'kafka/acks-all-elr/last-replica-kill', '4.1').scenario,
    only: { versions: ['4.1', '4.3'], because: 'eligible leader replicas came with 4.0 (KIP-966)' },
    conditions: [
      { versions: ['4.1'], because: 'on by default for new clusters, see https://kafka.apache.org/41/operations/eligible-leader-replicas/.', measures: ['lost'] },
      { versions: ['4.1'], because: 'measured: the broker answers later here' },
    ],
  },
};

/** A consumer that dies between two recorded steps. */
export const clientFaultRun: RunRecord = sampleRun({
  runId: 'client-fault', scenario: {
    ...upheldRun.scenario, name: 'kafka/commit-before/consumer-crash', title: 'Commits before it processes, and dies in between', contract: { settledUnprocessed: 'required', lost: 'required' },
    steps: [{ kind: 'wait', trigger: { processed: 500 } }, { kind: 'inject', fault: 'kill', id: 'crash', target: { role: 'client', client: 'consumer', index: 0, between: 'settling-and-processing' }, parameters: {} }, { kind: 'inject', fault: 'crash-loop', id: 'loop', target: { role: 'client', client: 'consumer', index: 0, between: null }, parameters: { times: 21 } }],
  },
  facts: {
    ...upheldRun.facts!,
    accounting: { ...upheldRun.facts!.accounting, processed: upheldRun.facts!.accounting.baseCount - 150, deadLettered: 50, lost: 100 },
    attribution: { client: 0, broker: 0, consumer: 100, policy: 0, undecided: 0 },
    measures: upheldRun.facts!.measures.map((fact) => (fact.measure === 'lost' || fact.measure === 'settledUnprocessed' ? { ...fact, count: 100 } : fact.measure === 'deadLettered' ? { ...fact, count: 50 } : fact)),
    faults: [sampleFault({ id: 'crash', fault: 'kill', strikes: 'client', nodes: ['consumer-0'], led: null, ledDetail: '', leadershipMoved: null }), sampleFault({ id: 'loop', fault: 'crash-loop', strikes: 'client', nodes: ['consumer-0'], triggerMs: 19_000, beginMs: 19_010, struckMs: 19_020, healMs: 20_000, healedMs: 20_900, led: null, ledDetail: '', leadershipMoved: null })],
  },
});

const lie = (driver: string, version: string, run: RunRecord): RunRecord => {
  const named = asScenario(run, `client-truth/${driver}/multi-partition-freeze-kill`, '4.1');
  return {
    ...named, environment: { ...named.environment, drivers: { [driver]: version } }, scenario: { ...named.scenario, title: 'Every send resolves while its leader is frozen, then killed', producer: { ...named.scenario.producer, driver }, consumer: { ...named.scenario.consumer, driver } },
    ...(run.facts === null ? {} : { facts: { ...run.facts, attribution: { ...run.facts.attribution, broker: 0, client: run.facts.accounting.lost } } }),
  };
};

/** Three versions of each broker in one matrix. */
export const versionSuite: SuiteRecord = {
  ...upheldSuite, command: 'leaderfall run --tag full --broker-version kafka=3.9,4.1,4.3 --broker-version rabbitmq=3.10,4.0,4.3', verdict: 'violated', exitCode: 1, shard: '1/2',
  runs: [...kafkaRuns, conditioned, { ...clientFaultRun, scenario: { ...clientFaultRun.scenario, cluster: { ...clientFaultRun.scenario.cluster, version: '4.3' } } }, ...rabbitRuns, lie('kafkajs', '2.2.4', requiredRun), lie('@platformatic/kafka', '2.12.1', upheldRun)],
  notApplicable: [{ name: 'kafka/acks-all-elr/last-replica-kill', version: '3.9', reason: 'eligible leader replicas came with 4.0 (KIP-966)' }, { name: 'rabbitmq/classic-mirrored/leader-kill', version: '4.3', reason: 'mirrored classic queues were removed in 4.0' }],
  notRunnable: [{ name: 'kafka/power-loss/all-nodes', reason: 'needs loop-mounted data directories' }],
};

/** Ended by a person before drain and audit: nothing that it did not find is known to be missing. */
export const interruptedRun: RunRecord = sampleRun({
  runId: 'interrupted', status: 'interrupted', phases: upheldRun.phases.slice(0, 3),
  error: { code: 'E_INTERRUPTED', message: 'The run was interrupted', hint: null, detail: null, phase: 'chaos' },
  facts: {
    ...upheldRun.facts!,
    measures: upheldRun.facts!.measures.map((fact) => (fact.measure === 'duplicated' ? { ...fact, conclusive: false, reasons: ['the audit did not run'] } : fact.measure === 'stuck' ? { ...fact, conclusive: false, atLeast: true, reasons: ['the drain did not run'] } : fact)),
    conditions: { ...upheldRun.facts!.conditions, drainComplete: false, auditComplete: false },
  },
  judgement: { ...upheldRun.judgement, verdict: 'inconclusive', sentence: 'The run was interrupted while kafka-2 was down: what was lost is not known.' },
});

const share = (count: number, of: number, low: number, high: number) => ({ count, of, low, high });

/** One scenario ten times with what its repetitions came to. */
export const countedSuite: SuiteRecord = {
  ...repeatedSuite,
  repetitions: [{
    scenario: 'memory/answer-after-processing/crash', broker: 'memory', version: 'embedded', judged: 10, notJudged: 1,
    verdicts: { upheld: share(9, 10, 0.596, 0.982), violated: share(1, 10, 0.018, 0.404), inconclusive: share(0, 10, 0, 0.278) },
    clauses: [{ measure: 'lost', expected: 'forbidden', verdicts: { upheld: share(9, 10, 0.596, 0.982), violated: share(1, 10, 0.018, 0.404), inconclusive: share(0, 10, 0, 0.278) } }],
    measures: [{ measure: 'lost', shown: share(1, 10, 0.018, 0.404), fewest: 0, median: 0, most: 3 }],
    sentence: 'violated in 1 of 10 (95 % interval 2 % to 40 %), upheld in 9 of 10 (95 % interval 60 % to 98 %)',
  }],
};
