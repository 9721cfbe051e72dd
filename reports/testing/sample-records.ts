// Whole records as a demo suite would leave them: every verdict, a run that failed, and hostile text. Deterministic; for tests only.
import type { Configured } from '../../harness/model/configuration.ts';
import type { Gate, JudgedClause, Judgement } from '../../harness/model/contract.ts';
import type { Example, Facts, Survival } from '../../harness/model/facts.ts';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import type { Phase, Scenario } from '../../harness/model/scenario.ts';
import { beyond, sampleFacts, sampleFault, sampleReplicas, sampleSeries, sampleWindow } from './sample-facts.ts';

const bounds = { provisionMs: 120_000, steadyMs: 30_000, stepMs: 60_000, healMs: 60_000, recoverMs: 60_000, drainMs: 60_000, auditMs: 60_000, teardownMs: 30_000 };

const settings: readonly Configured[] = [
  { scope: 'producer', key: 'acks', value: 'all', source: 'scenario' }, { scope: 'producer', key: 'idempotent', value: 'true', source: 'scenario' },
  { scope: 'producer', key: 'maxInFlightRequests', value: '16', source: 'scenario' }, { scope: 'producer', key: 'retry.retries', value: '8', source: 'default' },
  { scope: 'topic', key: 'min.insync.replicas', value: '2', source: 'scenario' }, { scope: 'topic', key: 'replication.factor', value: '3', source: 'scenario' },
  { scope: 'broker', key: 'broker.session.timeout.ms', value: '3000', source: 'file' },
  { scope: 'broker', key: 'listeners', value: 'CLIENT://0.0.0.0:9092,PEER://0.0.0.0:9093', source: 'harness', overridden: 'PLAINTEXT://:9092' },
  { scope: 'broker', key: 'log.dirs', value: '/var/lib/kafka/data', source: 'harness' }, { scope: 'broker', key: 'sasl.jaas.config', value: '‹redacted›', source: 'file' },
  ...Array.from({ length: 40 }, (_, index): Configured => ({ scope: 'broker', key: `num.setting.${index}`, value: String(index * 100), source: 'default' })),
];

const sampleScenario = (overrides: Partial<Scenario>): Scenario => ({
  name: 'kafka/acks-all/leader-kill', title: 'acks=all with idempotence: the leader of the written partition is killed mid-stream', tags: ['demo', 'kafka'], twin: null,
  cluster: { broker: 'kafka', version: '4.1', nodes: 3, properties: {}, file: null, defects: {} },
  destination: { partitions: 1, settings: { replicationFactor: 3 } },
  producer: { driver: 'kafkajs', program: null, count: 1, inFlight: 16, batch: 1, routing: 'explicit', keys: 100, ratePerSecond: 2000, resend: 'never', policy: { acks: 'all' }, options: {} },
  consumer: { driver: 'kafkajs', program: null, count: 1, start: 'steady', settle: 'after-processing', prefetch: 100, handlerMs: 0, refuse: null, policy: {}, options: {} },
  payloadBytes: 256, steady: { acknowledged: 2000, elapsedMs: 10_000 },
  steps: [{ kind: 'wait', trigger: { acknowledged: 18_000, elapsedMs: 20_000 } }, { kind: 'inject', fault: 'kill', id: 'leader-kill', target: { role: 'leader', partition: 0 }, parameters: {} }, { kind: 'wait', trigger: { acknowledged: 4000, elapsedMs: 15_000 } }, { kind: 'heal', id: 'leader-kill' }],
  contract: { lost: 'forbidden', duplicated: 'forbidden', reordered: 'allowed', unavailableMs: { max: 15_000 } }, bounds, only: null, conditions: [],
  sources: ['https://kafka.apache.org/41/configuration/producer-configs/#producerconfigs_acks'], configuration: settings, ...overrides,
});

const phaseEnds: readonly (readonly [Phase, number])[] = [['provision', 5600], ['steady', 8100], ['chaos', 18_420], ['heal', 20_910], ['recover', 23_000], ['drain', 24_900], ['audit', 26_300], ['teardown', 27_100], ['judge', 27_180], ['report', 27_400]];

const samplePhases = (upTo = phaseEnds.length): RunRecord['phases'] =>
  phaseEnds.slice(0, upTo).map(([phase, endMs], index) => ({ phase, beginMs: phaseEnds[index - 1]?.[1] ?? 0, endMs, ok: true, detail: phase === 'provision' ? '3 of 3 nodes ready' : '' }));

const clause = (overrides: Partial<JudgedClause>): JudgedClause => ({ measure: 'lost', clause: 'forbidden', expected: 'forbidden', actual: '0', verdict: 'upheld', reason: null, ...overrides });

const gates = (failed: Readonly<Record<string, string>> = {}): readonly Gate[] =>
  ['steady', 'acknowledged-before', 'exposed', 'target-hit', 'led-when-struck', 'leadership-moved', 'heal', 'probe-after', 'drain', 'audit', 'accounting', 'history', 'workers']
    .map((name) => ({ name, passed: failed[name] === undefined, detail: failed[name] ?? 'recorded, and complete' }));

const judgement = (overrides: Partial<Judgement>): Judgement => ({
  verdict: 'upheld', sentence: 'Nothing lost: 24,123 acknowledged messages all accounted for although kafka-2, leader of partition 0, was killed at 12.3 s with 16 messages exposed.',
  clauses: [clause({}), clause({ measure: 'duplicated' }), clause({ measure: 'reordered', clause: 'allowed', expected: 'allowed' }), clause({ measure: 'unavailableMs', clause: { max: 15_000 }, expected: 'at most 15,000', actual: '3,420' })],
  gates: gates(), power: { twin: null, state: 'untested', detail: 'no twin is named, so nothing shows that this fault can lose messages' }, ...overrides,
});

const baseSeries = sampleSeries({ durationMs: 27_400, ratePerSecond: 2000, trafficFromMs: 5600, trafficToMs: 22_600, away: [{ fromMs: 12_300, toMs: 15_700 }], indeterminate: 16, failed: 0 });

export const sampleRun = (overrides: Partial<RunRecord>): RunRecord => ({
  schema: 'leaderfall/run@1', leaderfall: '0.1.0', runId: '20261123T091402Z-kafka-acks-all-leader-kill-7f3a91c2', seed: '7f3a91c2', scenario: sampleScenario({}), status: 'completed', error: null,
  startedAt: '2026-11-23T09:14:02.311Z', durationMs: 27_400, phases: samplePhases(),
  environment: {
    node: 'v24.21.0', os: 'Debian GNU/Linux 12, Linux 6.1', cpus: 2, memoryGiB: 7.8, engine: 'Docker 29.0.1', brokerVersion: '4.1.0',
    images: [1, 2, 3].map((node) => ({ node: `kafka-${node}`, reference: 'leaderfall/kafka:4.1.0', id: 'sha256:3f1c0a9e0d5b77a0c1e2f3a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8', source: 'built' })), drivers: { kafkajs: '2.2.4', '@platformatic/kafka': '2.12.1' },
  },
  configuration: settings,
  facts: sampleFacts({
    base: 24_123, counts: { indeterminate: 16, recovered: 16, unavailableMs: 3420 }, series: baseSeries,
    faults: [sampleFault({ exposure: { fault: 'leader-kill', kind: 'in-flight', count: 16, lost: 0 } })],
    overrides: { unavailable: [sampleWindow(12_290, 15_710)], leaderChanges: [{ timeMs: 14_880, partition: 0, from: 'kafka-2', to: 'kafka-1' }], replicas: sampleReplicas(['kafka-2', 'kafka-1', 'kafka-3'], 14_880, 21_400), errors: [{ worker: 'producer-0', name: 'KafkaJSConnectionError', message: 'Connection error: read ECONNRESET', count: 4 }] },
  }),
  judgement: judgement({}), reproduce: "npx leaderfall run kafka/acks-all/leader-kill --seed 7f3a91c2", repetition: 1, logs: ['logs/kafka-1.log', 'logs/kafka-2.log', 'logs/kafka-3.log'], ...overrides,
});

export const upheldRun: RunRecord = sampleRun({});

const behindSteps: Scenario['steps'] = [
  { kind: 'wait', trigger: { acknowledged: 8000, elapsedMs: 20_000 } }, { kind: 'quiesce' }, { kind: 'inject', fault: 'replication-cut', id: 'cut', target: { role: 'leader', partition: 0 }, parameters: {} },
  { kind: 'publish', count: 5000, withinMs: 4000 }, { kind: 'inject', fault: 'kill', id: 'leader-kill', target: { role: 'leader', partition: 0 }, parameters: {} }, { kind: 'heal', id: 'cut' }, { kind: 'heal', id: 'leader-kill' }, { kind: 'resume' },
];

const exposedExamples: readonly Example[] = Array.from({ length: 20 }, (_, index) => ({
  producer: 0, sequence: 9_120 + index, cause: 'broker', story: `acknowledged at ${(12.402 + index / 1000).toFixed(3)} s (partition 0, offset ${9_120 + index}), never delivered, not in the log after kafka-1 took over in epoch 5`,
}));

/** acks=1 with followers behind: must lose exactly the exposed, and does. */
export const requiredRun: RunRecord = sampleRun({
  runId: '20261123T091502Z-kafka-acks-1-leader-kill-behind-7f3a91c2',
  scenario: sampleScenario({ name: 'kafka/acks-1/leader-kill-behind', title: 'acks=1: the leader dies while its followers are cut off', twin: 'kafka/acks-all/leader-kill-behind', steps: behindSteps, contract: { lost: { equals: 'exposed' }, duplicated: 'allowed' }, predicted: { lost: '5,000: exactly what only the leader had' } }),
  facts: sampleFacts({
    base: 24_977, counts: { lost: 4977, erased: 4977, unavailableMs: 3100 }, examples: { lost: exposedExamples },
    series: sampleSeries({ durationMs: 27_400, ratePerSecond: 2600, trafficFromMs: 5600, trafficToMs: 22_600, away: [{ fromMs: 9_800, toMs: 12_300 }, { fromMs: 14_300, toMs: 17_400 }] }),
    faults: [
      sampleFault({ id: 'cut', fault: 'replication-cut', strikes: 'link', triggerMs: 11_900, beginMs: 11_920, struckMs: 12_080, healMs: 17_300, healedMs: 17_420, proof: 'fetch requests from kafka-1 and kafka-3 were dropped: 214 packets', led: null, ledDetail: '', leadershipMoved: null, timeToDetectMs: null, timeToRecoverMs: 5320, timeToRedundancyMs: null, delayMs: 180 }),
      sampleFault({ triggerMs: 14_220, beginMs: 14_230, struckMs: 14_290, healMs: 17_420, healedMs: 20_880, timeToRecoverMs: 3100, exposure: { fault: 'leader-kill', kind: 'closed', count: 4977, lost: 4977 } }),
    ],
    overrides: { lostBetweenMs: { from: 12_402, to: 14_220 }, unavailable: [sampleWindow(14_300, 17_400)], leaderChanges: [{ timeMs: 17_050, partition: 0, from: 'kafka-2', to: 'kafka-1' }], replicas: sampleReplicas(['kafka-2', 'kafka-1', 'kafka-3'], 17_050, 21_000) },
  }),
  judgement: judgement({
    sentence: 'Lost as it must: 4,977 of 24,977 acknowledged messages, exactly the exposed; every one was acknowledged between 12.4 s and 14.2 s while replication of kafka-2 was cut, and kafka-2, leader of partition 0, was killed at 14.3 s (the broker had acknowledged them and lost them).',
    clauses: [clause({ clause: { equals: 'exposed' }, expected: 'exactly the exposed', actual: '4,977 (all exposed, and all of the exposed)' }), clause({ measure: 'duplicated', clause: 'allowed', expected: 'allowed' })],
    power: { twin: 'kafka/acks-all/leader-kill-behind', state: 'is-the-twin', detail: 'its loss shows that the same steps can lose messages, so the safe twin’s result means something' },
  }),
});

export const safeTwinRun: RunRecord = sampleRun({
  runId: '20261123T091602Z-kafka-acks-all-leader-kill-behind-7f3a91c2',
  scenario: sampleScenario({ name: 'kafka/acks-all/leader-kill-behind', title: 'acks=all: the same steps, and nothing acknowledged is lost', twin: 'kafka/acks-1/leader-kill-behind', steps: behindSteps, contract: { lost: 'forbidden', duplicated: { max: 50 } } }),
  judgement: judgement({
    sentence: 'Nothing lost: 24,123 acknowledged messages all accounted for although kafka-2, leader of partition 0, was killed at 12.3 s with 16 messages exposed.',
    clauses: [clause({}), clause({ measure: 'duplicated', clause: { max: 50 }, expected: 'at most 50' })],
    power: { twin: 'kafka/acks-1/leader-kill-behind', state: 'shown', detail: 'with acks=1 the same steps lost 4,977 messages' },
  }),
});

const lostExamples: readonly Example[] = Array.from({ length: 12 }, (_, index) => ({
  producer: index % 2, sequence: 10_411 + 7 * index, cause: 'broker', sentMs: 31_200 + index * 5, partition: 0, story: `acknowledged at ${(31.204 + index * 0.06).toFixed(3)} s by rabbitmq-2, never delivered, not in the queue after rabbitmq-2 came back`,
}));

const lostStories: Facts['stories'] = Object.fromEntries(lostExamples.map(({ producer, sequence, sentMs }) => [`${producer}:${sequence}`, {
  exposed: 'exposed to a fault: in flight when it struck, or accepted and not yet consumed',
  chapters: [
    { timeMs: sentMs!, of: 'message', words: `sent by producer-${producer}`, leader: 'rabbitmq-2' }, { timeMs: 31_300, of: 'fault', words: 'kill struck rabbitmq-2', leader: null },
    { timeMs: 31_310, of: 'message', words: `acknowledged to producer-${producer}`, leader: 'rabbitmq-2' }, { timeMs: 31_950, of: 'leader', words: 'leader of partition 0: rabbitmq-2 → rabbitmq-3', leader: null },
    { timeMs: 47_000, of: 'message', words: 'the audit did not find it', leader: 'rabbitmq-3' },
  ],
  neighbours: [{ producer, sequence: sequence - 1, summary: 'acknowledged at 31.199 s; processed at 31.230 s; not in the queue' }],
}]));

/** 12 lost where none may be. */
export const violatedRun: RunRecord = sampleRun({
  faultLogs: [{ fault: 'leader-kill', fromMs: 26_300, toMs: 41_300, nodes: [
    { node: 'rabbitmq-2', lines: [{ timeMs: 31_290, text: '2026-11-23 09:17:33.290000+00:00 [warning] <0.713.0> closing AMQP connection' }], leftOut: 0, missing: null },
    { node: 'rabbitmq-3', lines: [{ timeMs: 31_940, text: '2026-11-23 09:17:33.940000+00:00 [info] <0.901.0> queue \'leaderfall\' in vhost \'/\': pre_vote election called for in term 3\n  with a line of its own' }], leftOut: 31, missing: null },
  ] }],
  runId: '20261123T091702Z-rabbitmq-quorum-confirms-leader-kill-7f3a91c2', durationMs: 52_000,
  scenario: sampleScenario({
    name: 'rabbitmq/quorum-confirms/leader-kill', title: 'Quorum queue with confirms: its leader is killed mid-stream', cluster: { broker: 'rabbitmq', version: '4.3', nodes: 3, properties: {}, file: null, defects: {} },
    producer: { ...sampleScenario({}).producer, driver: 'amqplib', count: 2, resend: 'unknown' }, contract: { lost: 'forbidden', redelivered: 'allowed', unavailableMs: { max: 5000 } }, sources: ['https://www.rabbitmq.com/docs/quorum-queues', 'javascript:alert(1)'],
  }),
  environment: { ...sampleRunEnvironment(), brokerVersion: '4.3.6', drivers: { amqplib: '2.3.1', 'rabbitmq-client': '5.0.8' } },
  phases: samplePhases().map((phase) => ({ ...phase, beginMs: phase.beginMs * 1.9, endMs: phase.endMs * 1.9 })),
  facts: sampleFacts({
    base: 41_210, storeKind: 'queue', counts: { lost: 12, redelivered: 231, republished: 18, processedTwice: 3, duplicated: 3, indeterminate: 40, failed: 55, recovered: 22, unavailableMs: 7340 }, examples: { lost: lostExamples, processedTwice: [{ producer: 1, sequence: 10_440, story: 'handled at 31.310 s by consumer-0 and again at 39.020 s by consumer-0, flagged as redelivered' }] },
    series: sampleSeries({ durationMs: 52_000, ratePerSecond: 1400, trafficFromMs: 10_600, trafficToMs: 43_000, away: [{ fromMs: 31_300, toMs: 38_640 }], failed: 55, indeterminate: 40 }),
    faults: [sampleFault({ nodes: ['rabbitmq-2'], triggerMs: 31_120, beginMs: 31_160, struckMs: 31_300, healMs: 37_000, healedMs: 40_100, delayMs: 180, timeToDetectMs: 12, timeToRecoverMs: 7340, timeToRedundancyMs: 9800, ledDetail: 'led the queue in term 3', exposure: { fault: 'leader-kill', kind: 'in-flight', count: 52, lost: 12 } })],
    overrides: {
      stories: lostStories, survivors: { count: 40, examples: [{ producer: 1, sequence: 10_441, sentMs: 31_250, partition: 0, story: 'sent at 31.250 s; acknowledged at 31.260 s; processed at 39.100 s; not in the queue' }] },
      unavailable: [sampleWindow(31_290, 38_630)], lostBetweenMs: { from: 31_204, to: 31_900 }, leaderChanges: [{ timeMs: 31_950, partition: 0, from: 'rabbitmq-2', to: 'rabbitmq-3' }], replicas: sampleReplicas(['rabbitmq-2', 'rabbitmq-3', 'rabbitmq-1'], 31_950, 41_100),
      errors: [{ worker: 'producer-0', name: 'IllegalOperationError', message: 'Channel closed', count: 55 }, { worker: 'producer-1', name: 'ECONNRESET', message: 'read ECONNRESET', count: 1 }],
    },
  }),
  judgement: judgement({
    verdict: 'violated', sentence: '12 acknowledged messages lost: every one was acknowledged between 31.2 s and 31.9 s, and rabbitmq-2, leader of the queue, was killed at 31.3 s (the broker had acknowledged them and lost them). Also: 7,340 ms unavailable (at most 5,000).',
    clauses: [
      clause({ measure: 'redelivered', clause: 'allowed', expected: 'allowed', actual: '231' }), clause({ actual: '12', verdict: 'violated', reason: '12 were confirmed to the producer and are in no queue.' }),
      clause({ measure: 'unavailableMs', clause: { max: 5000 }, expected: 'at most 5,000', actual: '7,340', verdict: 'violated', reason: 'Publishing did not succeed from 31.3 s to 38.6 s.' }),
    ],
  }),
  reproduce: 'npx leaderfall run rabbitmq/quorum-confirms/leader-kill --seed 7f3a91c2',
});

function sampleRunEnvironment(): RunRecord['environment'] {
  return sampleRun({}).environment;
}

/** The victim did not lead: nothing can be said. */
export const inconclusiveRun: RunRecord = sampleRun({
  runId: '20261123T091802Z-rabbitmq-classic-confirms-home-node-kill-7f3a91c2',
  scenario: sampleScenario({ name: 'rabbitmq/classic-confirms/home-node-kill', title: 'Classic durable queue with confirms: its home node is killed at the last confirm', cluster: { broker: 'rabbitmq', version: '4.3', nodes: 3, properties: {}, file: null, defects: {} }, twin: 'rabbitmq/classic-no-confirms/home-node-kill', contract: { lost: 'forbidden' } }),
  facts: sampleFacts({
    base: 8412, storeKind: 'queue', counts: { unseen: 37, indeterminate: 3 }, series: baseSeries,
    faults: [sampleFault({ nodes: ['rabbitmq-1'], led: false, ledDetail: 'rabbitmq-3 was the home node since 11.9 s', leadershipMoved: false, timeToRecoverMs: null, timeToRedundancyMs: null, healedMs: null })],
    overrides: { unavailable: [sampleWindow(12_320, null, beyond)] },
  }),
  judgement: judgement({
    verdict: 'inconclusive', sentence: 'Inconclusive: gate led-when-struck failed (rabbitmq-3 led, not rabbitmq-1); gate drain failed (37 unacknowledged after 60.0 s), so 37 messages are unaccounted for.',
    clauses: [clause({ actual: '0, 37 unseen', verdict: 'inconclusive', reason: 'The drain did not complete.' })], gates: gates({ 'led-when-struck': 'rabbitmq-3 led, not rabbitmq-1', drain: '37 unacknowledged after 60.0 s' }),
    power: { twin: 'rabbitmq/classic-no-confirms/home-node-kill', state: 'not-shown', detail: 'the twin lost nothing, so these steps had no power' },
  }),
});

const bootLog = Array.from({ length: 30 }, (_, index) => `[2026-11-23 09:19:${String(index + 10)}] INFO starting step ${index}`);

/** Provisioning failed, with text in it that would like to be markup. */
export const failedRun: RunRecord = sampleRun({
  runId: '20261123T091902Z-kafka-typo-7f3a91c2', durationMs: 8120, status: 'failed', facts: null, phases: [{ phase: 'provision', beginMs: 0, endMs: 8100, ok: false, detail: 'kafka-1 exited with code 1' }],
  scenario: sampleScenario({ name: 'kafka/<script>alert(1)</script>/"typo"', title: '<img src=x onerror=alert(1)> & a title that wants to be markup \u202egnihtemos' }),
  error: {
    code: 'E_BROKER_SETTING', message: 'kafka-1 refused its configuration: </pre><script>alert("log")</script>', hint: 'Mend `min.insync.replicas` in server.properties: it must be a number', phase: 'provision',
    detail: [...bootLog, '\u001b[31mERROR\u001b[0m org.apache.kafka.common.config.ConfigException: Invalid value <b>two</b> for configuration min.insync.replicas: Not a number ]]> ]]>', '\u0000\u0007binary', '</details></article><style>body{display:none}</style>'].join('\n'),
  },
  judgement: judgement({ verdict: 'inconclusive', sentence: 'The run ended before there was a history.', clauses: [], gates: [], power: { twin: null, state: 'untested', detail: 'nothing ran' } }),
  reproduce: "npx leaderfall run 'kafka/<script>alert(1)</script>' --seed 7f3a91c2",
});

const memoryCluster: Scenario['cluster'] = { broker: 'memory', version: 'embedded', nodes: 1, properties: {}, file: null, defects: {} };
const memoryEnvironment = { ...sampleRun({}).environment, engine: 'none (child processes)', brokerVersion: 'embedded', images: [{ node: 'memory-1', reference: 'embedded', id: 'embedded', source: 'embedded' as const }], drivers: { memory: '0.1.0' } };
const onlyCopy: Survival = { survivable: false, because: '0 of 1 replicas left in sync while memory-1 was away, 1 needed (one copy that holds everything)' };
const memoryFault = (lost: number) => sampleFault({ id: 'crash', nodes: ['memory-1'], triggerMs: 1400, beginMs: 1402, struckMs: 1409, healMs: 1600, healedMs: 1690, delayMs: 9, led: null, ledDetail: '', leadershipMoved: null, timeToDetectMs: 2, timeToRecoverMs: 288, timeToRedundancyMs: 281, exposure: { fault: 'crash', kind: 'in-flight', count: 812, lost } });
const memorySeries = sampleSeries({ durationMs: 3200, ratePerSecond: 9000, trafficFromMs: 200, trafficToMs: 2700, away: [{ fromMs: 1400, toMs: 1700 }], indeterminate: 32 });
const memoryPhases = samplePhases().map((phase) => ({ ...phase, beginMs: phase.beginMs / 8.6, endMs: phase.endMs / 8.6 }));

/** The embedded pair: answers on accept and loses, answers after processing and does not. */
const memoryRequiredRun: RunRecord = sampleRun({
  runId: '20261123T092002Z-memory-answer-on-accept-crash-7f3a91c2', durationMs: 3200, phases: memoryPhases, environment: memoryEnvironment, configuration: [],
  scenario: sampleScenario({ name: 'memory/answer-on-accept/crash', title: 'A server with an in-process queue that answers on accept, killed mid-stream', cluster: memoryCluster, contract: { lost: 'required' }, twin: 'memory/answer-after-processing/crash', sources: [] }),
  facts: sampleFacts({ base: 19_640, storeKind: 'queue', counts: { lost: 780 }, lostBy: 'broker', series: memorySeries, faults: [memoryFault(780)], overrides: { lostBetweenMs: { from: 1_312, to: 1_404 }, unavailable: [sampleWindow(1405, 1697, onlyCopy)] } }),
  judgement: judgement({ sentence: 'Lost as it must: 780 of 19,640 acknowledged messages (780 of the 812 exposed); every one was acknowledged between 1.3 s and 1.4 s, and memory-1 was killed at 1.4 s (the broker had acknowledged them and lost them).', clauses: [clause({ clause: 'required', expected: 'required', actual: '780' })], power: { twin: 'memory/answer-after-processing/crash', state: 'is-the-twin', detail: 'its loss gives the safe twin its meaning' } }),
});

const memorySafeRun: RunRecord = sampleRun({
  runId: '20261123T092102Z-memory-answer-after-processing-crash-7f3a91c2', durationMs: 3200, phases: memoryPhases, environment: memoryEnvironment, configuration: [],
  scenario: sampleScenario({ name: 'memory/answer-after-processing/crash', title: 'The same server, answering after processing; the client sends again what was not answered', cluster: memoryCluster, contract: { lost: 'forbidden', duplicated: 'allowed' }, twin: 'memory/answer-on-accept/crash', sources: [] }),
  facts: sampleFacts({ base: 18_802, storeKind: 'queue', counts: { processedTwice: 21, duplicated: 21, indeterminate: 32 }, series: memorySeries, faults: [memoryFault(0)], overrides: { unavailable: [sampleWindow(1405, 1697, onlyCopy)] } }),
  judgement: judgement({ sentence: 'Nothing lost: 18,802 acknowledged messages all accounted for although memory-1 was killed at 1.4 s with 812 messages exposed.', clauses: [clause({}), clause({ measure: 'duplicated', clause: 'allowed', expected: 'allowed', actual: '21' })], power: { twin: 'memory/answer-on-accept/crash', state: 'shown', detail: 'answering on accept, the same steps lost 780 messages' } }),
});

const repeat = (run: RunRecord, times: number): readonly RunRecord[] =>
  Array.from({ length: times }, (_, index) => ({ ...run, repetition: index + 1, runId: `${run.runId}-${index + 1}` }));

const suite = (overrides: Partial<SuiteRecord>): SuiteRecord => ({
  schema: 'leaderfall/suite@1', leaderfall: '0.1.0', suiteId: '20261123T091402Z-7f3a91c2', seed: '7f3a91c2', startedAt: '2026-11-23T09:14:02.000Z', durationMs: 214_000,
  command: 'leaderfall run --seed 7f3a91c2', verdict: 'upheld', exitCode: 0, runs: [], shard: null, notApplicable: [], notRunnable: [], ...overrides,
});

const good: readonly RunRecord[] = [memoryRequiredRun, memorySafeRun, upheldRun, requiredRun, safeTwinRun];

/** Everything did what its contract says. */
export const upheldSuite: SuiteRecord = suite({ runs: good });

/** Every way in which a run can come out, hostile text, and a scenario that could not run here. */
export const mixedSuite: SuiteRecord = suite({
  runs: [...good, violatedRun, inconclusiveRun, failedRun], verdict: 'violated', exitCode: 1,
  notRunnable: [{ name: 'kafka/power-loss/all-nodes', reason: 'needs loop-mounted data directories: no CAP_SYS_ADMIN <here>' }],
});

/** One scenario ten times, violated once. */
export const repeatedSuite: SuiteRecord = suite({
  runs: [...repeat(upheldRun, 10), ...repeat(memorySafeRun, 9), { ...memorySafeRun, repetition: 10, runId: 'violated-tenth', judgement: { ...memorySafeRun.judgement, verdict: 'violated', sentence: '3 lost.' } }],
  verdict: 'violated', exitCode: 1,
});
