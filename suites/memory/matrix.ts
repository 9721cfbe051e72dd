// The embedded broker: policy x fault. It needs no container engine and shows what every broker's clients do to their messages.
import type { Contract } from '../../harness/model/contract.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';
import { answerAfterProcessing, answerOnAccept } from './crash.ts';
import * as faults from './faults.ts';
import type { MemoryFault, MemoryScenarioInput } from './faults.ts';

interface MemoryPolicy {
  /** Middle part of the scenario's name. */
  readonly name: string;
  /** Begins the scenario's title. */
  readonly title: string;
  readonly destination?: MemoryScenarioInput['destination'];
  readonly consumer?: MemoryScenarioInput['consumer'];
}

interface Cell {
  readonly policy: MemoryPolicy;
  readonly fault: MemoryFault;
  readonly contract: Contract;
  readonly twin?: MemoryPolicy;
  readonly tags?: readonly string[];
}

const onAccept: MemoryPolicy = { name: 'answer-on-accept', title: 'Answered as soon as it is queued', destination: { answer: 'on-accept' } };
const afterProcessing: MemoryPolicy = { name: 'answer-after-processing', title: 'Answered once it is processed', destination: { answer: 'after-processing' } };
const settleAfter: MemoryPolicy = { name: 'settle-after', title: 'Settled after processing', consumer: { settle: 'after-processing' } };
const settleBefore: MemoryPolicy = { name: 'settle-before', title: 'Settled before processing', consumer: { settle: 'before-processing' } };
const settleAutomatic: MemoryPolicy = { name: 'settle-automatic', title: 'Settled by the broker as it delivers', consumer: { settle: 'automatic' } };

/** Where nothing goes wrong, nothing may. */
const calm = {
  lost: 'forbidden', stuck: 'forbidden', settledUnprocessed: 'forbidden', duplicated: 'forbidden', redelivered: 'forbidden', reordered: 'forbidden',
  indeterminate: 'forbidden', failed: 'forbidden',
} as const satisfies Contract;
/** Nothing goes away; what was in hand comes again. */
const atLeastOnce = { lost: 'forbidden', stuck: 'forbidden', settledUnprocessed: 'forbidden', duplicated: 'allowed', redelivered: 'allowed', reordered: 'allowed' } as const satisfies Contract;
/** What was in hand goes away; nothing comes again. */
const atMostOnce = { lost: 'required', settledUnprocessed: 'required', stuck: 'forbidden', duplicated: 'forbidden', processedTwice: 'forbidden', redelivered: 'allowed' } as const satisfies Contract;

const smoke = ['smoke'];

const cells: readonly Cell[] = [
  { policy: onAccept, fault: faults.baseline, contract: calm },
  { policy: afterProcessing, fault: faults.baseline, contract: calm },
  { policy: settleAfter, fault: faults.baseline, contract: calm, tags: smoke },
  { policy: settleBefore, fault: faults.baseline, contract: calm },
  { policy: settleAutomatic, fault: faults.baseline, contract: calm },

  { policy: settleAfter, fault: faults.consumerKill, contract: { ...atLeastOnce, redelivered: 'required' }, twin: settleAutomatic, tags: smoke },
  { policy: settleAutomatic, fault: faults.consumerKill, contract: atMostOnce, twin: settleAfter, tags: smoke },
  { policy: settleBefore, fault: faults.consumerKill, contract: atMostOnce, twin: settleAfter },

  // The crash point goes with the mode, so these have no twin; that the process died just there is the proof of their power.
  { policy: settleAfter, fault: faults.consumerKillUnsettled, contract: { ...atLeastOnce, processedTwice: 'required' }, tags: smoke },
  { policy: settleBefore, fault: faults.consumerKillUnprocessed, contract: atMostOnce, tags: smoke },
  { policy: settleAutomatic, fault: faults.consumerKillUnprocessed, contract: atMostOnce },

  { policy: settleAfter, fault: faults.consumerCrashLoop, contract: { ...atLeastOnce, redelivered: { min: 5 } }, twin: settleBefore },
  { policy: settleBefore, fault: faults.consumerCrashLoop, contract: atMostOnce, twin: settleAfter },

  // What was answered is safe either way; what was under way may or may not have happened, and nobody is left to ask again.
  { policy: onAccept, fault: faults.producerKill, contract: { ...atLeastOnce, redelivered: 'forbidden', processedTwice: 'forbidden' } },
  { policy: afterProcessing, fault: faults.producerKill, contract: { ...atLeastOnce, redelivered: 'forbidden', processedTwice: 'forbidden', indeterminate: 'required' } },
];

const nameOf = (policy: MemoryPolicy, fault: MemoryFault): string => `memory/${policy.name}/${fault.name}`;

function scenarioOf({ policy, fault, contract, twin, tags = [] }: Cell): Scenario {
  return defineScenario<'memory'>({
    name: nameOf(policy, fault),
    title: `${policy.title}; ${fault.title}`,
    tags: ['memory', 'full', ...fault.tags, ...tags],
    ...(twin === undefined ? {} : { twin: nameOf(twin, fault) }),
    cluster: { broker: 'memory' },
    ...(policy.destination === undefined ? {} : { destination: policy.destination }),
    producer: fault.producer,
    consumer: { ...fault.consumer, ...policy.consumer },
    steady: { attempted: 50, elapsedMs: 10_000 },
    steps: fault.steps,
    contract: { ...sound, ...contract },
    sources: ['https://www.rabbitmq.com/docs/confirms', 'https://www.rabbitmq.com/docs/reliability'],
  });
}

export const memoryMatrix: readonly Scenario[] = [answerOnAccept, answerAfterProcessing, ...cells.map(scenarioOf)];
