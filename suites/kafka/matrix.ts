// Kafka: policy x fault. Each line is a scenario; what must hold in it cuts both ways, and a pair of twins differs in one policy field.
import type { Contract } from '../../harness/model/contract.ts';
import type { Predictions, Scenario } from '../../harness/model/scenario.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { byBrokerPolicy, matrixFields, type MatrixCell } from '../matrix-cell.ts';
import * as clientLinks from './client-link-faults.ts';
import * as faults from './faults.ts';
import type { KafkaFault, KafkaScenarioInput } from './faults.ts';
import * as groups from './group-faults.ts';
import * as leaders from './leadership-faults.ts';
import * as links from './link-faults.ts';
import * as policies from './policies.ts';
import type { KafkaPolicy } from './policies.ts';
import * as processes from './process-faults.ts';
import * as storage from './storage-faults.ts';

interface Cell extends MatrixCell<KafkaPolicy, KafkaFault> {
  readonly onVersions?: KafkaScenarioInput['onVersions'];
}

function scenarioOf(cell: Cell): Scenario {
  const { policy, fault, onVersions = [] } = cell;
  const properties = { ...fault.properties, ...policy.properties };
  const only = policy.only ?? fault.only;
  return defineScenario({
    ...matrixFields('kafka', cell),
    cluster: { broker: 'kafka', ...(Object.keys(properties).length === 0 ? {} : { properties }) },
    destination: { partitions: 1, ...fault.destination, ...policy.destination },
    producer: { ...fault.producer, ...policy.producer },
    consumer: { ...fault.consumer, ...policy.consumer },
    steady: { attempted: 300, elapsedMs: 20_000 },
    steps: fault.steps,
    onVersions,
    ...(only === undefined ? {} : { only }),
  });
}

/** Nothing accepted goes away, in the log or for its readers. */
const kept = { lost: 'forbidden', erased: 'forbidden', stuck: 'forbidden', settledUnprocessed: 'forbidden' } as const satisfies Contract;
/** Not idempotent: an attempt that was stored and not answered is stored again by the library's retry. */
const repeats = { duplicated: 'allowed', reordered: 'allowed' } as const satisfies Contract;
/** Nobody waits for an answer, so nobody misses one and sends again. */
const sentOnce = { duplicated: 'forbidden', reordered: 'allowed' } as const satisfies Contract;
const once = { duplicated: 'forbidden', reordered: 'forbidden', offsetConflicts: 'forbidden' } as const satisfies Contract;
/** Where nothing goes wrong, nothing may. */
const calm = { ...kept, ...once, processedTwice: 'forbidden', redelivered: 'forbidden', indeterminate: 'forbidden', failed: 'forbidden' } as const satisfies Contract;
/** The first acknowledgement came 3.1 to 4.0 s after the kill with broker.session.timeout.ms 3000; the contract is generous about it. */
const back = { unavailableMs: { max: 30_000 } } as const satisfies Contract;
/** Nobody may take what is sent for as long as those who must are away. */
const away = { unavailableMs: { min: 5_000 } } as const satisfies Contract;
const firstAcknowledgement = { unavailableMs: '3,100 to 4,000: the session timeout of 3 s, an election, and the client\u2019s next look (measured until the first acknowledgement after the kill)' } as const satisfies Predictions;
/** The closed publish is of 1,000. */
const onlyTheLeaderHadThem = '1,000: exactly what only the leader had (measured by the same steps: 4,977 of 4,977)';
const gone = { lost: { equals: 'exposed' }, stuck: 'forbidden' } as const satisfies Contract;

const demo = ['demo'];
const smoke = ['smoke'];

const producing: readonly Cell[] = [
  { policy: policies.acks0, fault: faults.baseline, contract: { ...calm } },
  { policy: policies.acks1, fault: faults.baseline, contract: calm },
  { policy: policies.acksAll, fault: faults.baseline, contract: calm },
  { policy: policies.idempotent, fault: faults.baseline, contract: calm, tags: smoke },
  { policy: policies.acksAllMin1, fault: faults.baseline, contract: calm },
  { policy: policies.singleCopy, fault: faults.baseline, contract: calm },

  // The followers of an idle machine keep up, so that a plain kill shows recovery and repetition, not the risk of acks=1 (0 of 5 575 lost).
  { policy: policies.acks0, fault: faults.leaderKill, contract: { lost: 'allowed', stuck: 'forbidden', ...sentOnce } },
  { policy: policies.acks1, fault: faults.leaderKill, contract: { lost: 'allowed', stuck: 'forbidden', ...repeats, ...back } },
  { policy: policies.acksAll, fault: faults.leaderKill, contract: { ...kept, ...repeats, ...back }, predicted: { lost: '0 (measured: 0 of 1,883)', ...firstAcknowledgement } },
  { policy: policies.idempotent, fault: faults.leaderKill, contract: { ...kept, ...once, ...back }, tags: [...demo, ...smoke], predicted: { lost: '0 (measured: 0 of 1,706)', duplicated: '0 (measured: 0 of 1,706)', ...firstAcknowledgement } },
  // A killed process leaves what it wrote to the kernel: all of it is back with the node, and until then nobody leads.
  { policy: policies.singleCopy, fault: faults.leaderKill, contract: { ...kept, ...repeats, ...away } },

  { policy: policies.idempotent, fault: faults.leaderStop, contract: { ...kept, ...once, ...back } },
  { policy: policies.idempotent, fault: faults.controllerKill, contract: { ...kept, ...once, ...back } },
  { policy: policies.idempotent, fault: faults.leaderFreeze, contract: { ...kept, ...once } },
  { policy: policies.idempotent, fault: faults.producerKill, contract: { ...kept, ...once } },

  { policy: policies.acksAll, fault: faults.leaderFreezeShort, contract: { ...kept, copies: 'required', duplicated: 'required', reordered: 'allowed' }, twin: policies.idempotent },
  { policy: policies.idempotent, fault: faults.leaderFreezeShort, contract: { ...kept, ...once, copies: 'forbidden' }, twin: policies.acksAll },

  { policy: policies.acks1, fault: faults.leaderKillBehind, contract: { ...gone, ...repeats }, twin: policies.acksAll, tags: [...demo, ...smoke], predicted: { lost: onlyTheLeaderHadThem } },
  { policy: policies.acksAll, fault: faults.leaderKillBehind, contract: { ...kept, ...repeats }, twin: policies.acks1, tags: [...demo, ...smoke], predicted: { lost: '0: what the followers did not have was not acknowledged (measured: 0 by the same steps)' } },

  { policy: policies.acks0, fault: faults.leaderFrozenThenKilled, contract: { lost: 'required', stuck: 'forbidden', ...sentOnce }, twin: policies.acksAll },
  { policy: policies.acksAll, fault: faults.leaderFrozenThenKilled, contract: { ...kept, ...repeats }, twin: policies.acks0 },

  { policy: policies.acksAllMin1Unclean, fault: faults.lastReplicaKill, contract: { ...gone, ...repeats }, twin: policies.acksAllMin1 },
  { policy: policies.acksAllMin1, fault: faults.lastReplicaKill, contract: { ...kept, ...repeats }, twin: policies.acksAllMin1Unclean },
  { policy: policies.acksAllMin2Unclean, fault: faults.lastReplicaKill, contract: { ...kept, ...repeats, ...away }, twin: policies.acksAllMin1Unclean },
];

/** The other rows of the matrix, at rest. A log may forget what was read, by its own rules. */
const resting: readonly Cell[] = [
  ...[
    policies.acksAllFlushed, policies.acksAllMin1Unclean, policies.acksAllMin2Unclean, policies.singleCopyUnclean, policies.eligibleReplicas, policies.noEligibleReplicas,
    policies.resetEarliest, policies.resetLatest,
  ].map((policy): Cell => ({ policy, fault: faults.baseline, contract: calm })),
  ...[policies.keptForLong, policies.notCompacted].map((policy): Cell => ({ policy, fault: faults.baselineKeyed, contract: calm })),
  ...[policies.keptBriefly, policies.compacted].map((policy): Cell => ({ policy, fault: faults.baselineKeyed, contract: { ...calm, erased: 'allowed' } })),
];

const linked: readonly Cell[] = [
  { policy: policies.acks1, fault: links.leaderIsolated, contract: { lost: { equals: links.isolatedCount }, stuck: 'forbidden', ...repeats }, twin: policies.acksAll, predicted: { lost: `${links.isolatedCount}: exactly what the separated leader took` } },
  { policy: policies.acksAll, fault: links.leaderIsolated, contract: { ...kept, ...repeats }, twin: policies.acks1 },
  { policy: policies.idempotent, fault: links.halves, contract: { ...kept, ...once, ...back } },
  { policy: policies.idempotent, fault: links.ring, contract: { ...kept, ...once } },
  { policy: policies.idempotent, fault: links.leaderDeaf, contract: { ...kept, ...once } },
  { policy: policies.idempotent, fault: links.packetLoss, contract: { ...kept, ...once } },
  { policy: policies.idempotent, fault: links.leaderThrottled, contract: { ...kept, ...once } },
];

/** A process that ends leaves what it wrote to the kernel: whoever ends and however often, nothing acknowledged goes away. */
const struck: readonly Cell[] = [
  { policy: policies.idempotent, fault: processes.leaderRestart, contract: { ...kept, ...once, ...back } },
  { policy: policies.idempotent, fault: processes.controllerAndLeaderKill, contract: { ...kept, ...once } },
  { policy: policies.idempotent, fault: processes.leaderChase, contract: { ...kept, ...once } },
  { policy: policies.idempotent, fault: processes.majorityCrash, contract: { ...kept, ...once, ...away } },
  { policy: policies.idempotent, fault: processes.clusterCrash, contract: { ...kept, ...once, ...away } },
  { policy: policies.idempotent, fault: processes.clusterColdStart, contract: { ...kept, ...once, ...away } },
  { policy: policies.idempotent, fault: processes.rollingRestart, contract: { ...kept, ...once, ...back } },
  { policy: policies.idempotent, fault: processes.rollingRestartHasty, contract: { ...kept, ...once } },
  { policy: policies.idempotent, fault: processes.storm, contract: { ...kept, ...once } },
  { policy: policies.idempotent, fault: processes.killWhileParted, contract: { ...kept, ...once } },
  { policy: policies.acks1, fault: processes.killDuringCut, contract: { lost: { min: 100 }, stuck: 'forbidden', ...repeats }, twin: policies.acksAll },
  { policy: policies.acksAll, fault: processes.killDuringCut, contract: { ...kept, ...repeats }, twin: policies.acks1 },
];

const led: readonly Cell[] = [
  { policy: policies.idempotent, fault: leaders.leaderTransfer, contract: { ...kept, ...once, ...back } },
  { policy: policies.idempotent, fault: leaders.preferredElection, contract: { ...kept, ...once, ...back } },
  { policy: policies.acksAllMin1, fault: leaders.uncleanElection, contract: { ...gone, ...repeats }, twin: policies.acksAll },
  { policy: policies.acksAll, fault: leaders.uncleanElection, contract: { ...kept, ...repeats }, twin: policies.acksAllMin1 },
];

/** Nothing is refused for good, and nothing takes for ever: every node serves, and only the way to it is bad. */
const onClientLinks: readonly Cell[] = [
  { policy: policies.acksAll, fault: clientLinks.lostResponse, contract: { ...kept, copies: { equals: clientLinks.unansweredCount }, duplicated: { equals: clientLinks.unansweredCount }, reordered: 'allowed' }, twin: policies.idempotent },
  { policy: policies.idempotent, fault: clientLinks.lostResponse, contract: { ...kept, ...once, copies: 'forbidden' }, twin: policies.acksAll },

  { policy: policies.acks0, fault: clientLinks.silence, contract: { lost: 'required', stuck: 'forbidden', ...sentOnce }, twin: policies.acksAll },
  { policy: policies.acksAll, fault: clientLinks.silence, contract: { ...kept, ...repeats, ...back }, twin: policies.acks0 },
  { policy: policies.idempotent, fault: clientLinks.silence, contract: { ...kept, ...once, ...back } },
  ...[clientLinks.cut, clientLinks.cutEverywhere, clientLinks.reset, clientLinks.cutAfter, clientLinks.churn, clientLinks.latency, clientLinks.bandwidth]
    .map((fault): Cell => ({ policy: policies.idempotent, fault, contract: { ...kept, ...once, ...back } })),
];

const consuming: readonly Cell[] = [
  { policy: policies.commitAfter, fault: faults.baseline, contract: calm },
  { policy: policies.commitBefore, fault: faults.baseline, contract: calm },
  { policy: policies.autoCommit, fault: faults.baseline, contract: calm },

  { policy: policies.commitBefore, fault: faults.consumerKillHolding, contract: { lost: 'required', settledUnprocessed: 'required', erased: 'forbidden', stuck: 'forbidden', processedTwice: 'forbidden' }, twin: policies.commitAfter, tags: smoke },
  { policy: policies.commitAfter, fault: faults.consumerKillHolding, contract: { ...kept, processedTwice: 'allowed' }, twin: policies.commitBefore, tags: smoke },
  { policy: policies.autoCommit, fault: faults.consumerKillHolding, contract: { ...kept, processedTwice: 'allowed' }, twin: policies.commitBefore },

  { policy: policies.commitAfter, fault: faults.consumerKillUnsettled, contract: { ...kept, processedTwice: 'required' } },
  { policy: policies.commitBefore, fault: faults.consumerKillUnprocessed, contract: { lost: 'required', settledUnprocessed: 'required', erased: 'forbidden', stuck: 'forbidden', processedTwice: 'forbidden' } },

  { policy: policies.commitAfter, fault: groups.coordinatorKill, contract: { ...kept, processedTwice: 'allowed' } },
  { policy: policies.commitAfter, fault: groups.rebalanceStorm, contract: { ...kept, processedTwice: 'allowed' } },
  { policy: policies.commitAfter, fault: groups.consumerCrashLoop, contract: { ...kept, processedTwice: 'allowed' } },
  // Nobody else is given what was committed before it was handled, and the zombie ends it when it wakes.
  { policy: policies.commitAfter, fault: groups.consumerZombie, contract: { ...kept, processedTwice: 'required' }, twin: policies.commitBefore },
  { policy: policies.commitBefore, fault: groups.consumerZombie, contract: { lost: 'forbidden', erased: 'forbidden', stuck: 'forbidden', processedTwice: 'forbidden' }, twin: policies.commitAfter },

  { policy: policies.resetLatest, fault: faults.lateConsumer, contract: { lost: { min: 1_000 }, erased: 'forbidden' }, twin: policies.resetEarliest },
  { policy: policies.resetEarliest, fault: faults.lateConsumer, contract: kept, twin: policies.resetLatest },
];

/** What a log may forget by its own rules. */
const cleaning: readonly Cell[] = [
  { policy: policies.keptBriefly, fault: faults.cleanedBeforeRead, contract: { lost: { min: 1_000 } }, twin: policies.keptForLong },
  { policy: policies.keptForLong, fault: faults.cleanedBeforeRead, contract: kept, twin: policies.keptBriefly },
  { policy: policies.compacted, fault: faults.cleanedBeforeRead, contract: { lost: { min: 1_000 } }, twin: policies.notCompacted },
  { policy: policies.notCompacted, fault: faults.cleanedBeforeRead, contract: kept, twin: policies.compacted },
];

/** Forgotten, and so the brokers' doing: also what a consumer was quick enough to read. */
const erasedAll = { ...gone, erased: 'required' } as const satisfies Contract;

const storing: readonly Cell[] = [
  // By default Kafka leaves flushing to the kernel: 403 of 403, 847 of 847, 484 of 484 acknowledged messages lost.
  { policy: policies.acksAll, fault: storage.powerLossAll, contract: { ...erasedAll, ...repeats }, twin: policies.acksAllFlushed },
  { policy: policies.acksAllFlushed, fault: storage.powerLossAll, contract: { ...kept, ...repeats }, twin: policies.acksAll },
  { policy: policies.acksAll, fault: storage.powerLossAllRead, contract: { lost: 'allowed', erased: 'required', stuck: 'forbidden', ...repeats }, twin: policies.acksAllFlushed },
  { policy: policies.acksAllFlushed, fault: storage.powerLossAllRead, contract: { ...kept, ...repeats }, twin: policies.acksAll },

  { policy: policies.acksAll, fault: storage.powerLossLeader, contract: { ...kept, ...repeats, ...back } },
  { policy: policies.singleCopy, fault: storage.powerLossLeader, contract: { ...erasedAll, ...repeats }, twin: policies.acksAllMin1 },
  { policy: policies.acksAllMin1, fault: storage.powerLossLeader, contract: { ...kept, ...repeats, ...back }, twin: policies.singleCopy },

  { policy: policies.noEligibleReplicas, fault: storage.lastReplicaPowerLoss, contract: { ...erasedAll, ...repeats }, twin: policies.eligibleReplicas },
  { policy: policies.eligibleReplicas, fault: storage.lastReplicaPowerLoss, contract: { ...kept, ...repeats }, twin: policies.noEligibleReplicas },

  { policy: policies.acksAll, fault: storage.diskFull, contract: { ...kept, ...repeats, ...back } },
  { policy: policies.acksAll, fault: storage.diskReadOnly, contract: { ...kept, ...repeats, ...back } },

  { policy: policies.acksAll, fault: storage.diskWipeFollower, contract: { ...kept, ...repeats, ...back } },
  { policy: policies.acksAll, fault: storage.diskWipeLeader, contract: { ...kept, ...repeats, ...back } },
  { policy: policies.singleCopyUnclean, fault: storage.diskWipeLeader, contract: { lost: 'required', erased: 'required', stuck: 'forbidden', ...repeats }, twin: policies.acksAllMin1Unclean },
  { policy: policies.acksAllMin1Unclean, fault: storage.diskWipeLeader, contract: { ...kept, ...repeats, ...back }, twin: policies.singleCopyUnclean },
];

export const kafkaMatrix: readonly Scenario[] = [...producing, ...resting, ...struck, ...led, ...linked, ...onClientLinks, ...storing, ...consuming, ...byBrokerPolicy(cleaning)].map(scenarioOf);
