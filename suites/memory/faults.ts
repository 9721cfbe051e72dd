// The columns of the embedded broker's matrix: what happens to its clients, and the traffic under which it happens.
// Triggers count attempts or handlers that ended, or time: a twin may have nothing acknowledged.
import type { ScenarioInputOf } from '../../harness/scenario/input.ts';

export type MemoryScenarioInput = ScenarioInputOf<'memory'>;

export interface MemoryFault {
  /** Last part of the scenario's name. */
  readonly name: string;
  /** Completes "…; <title>". */
  readonly title: string;
  readonly tags: readonly string[];
  readonly producer: NonNullable<MemoryScenarioInput['producer']>;
  readonly consumer: NonNullable<MemoryScenarioInput['consumer']>;
  readonly steps: MemoryScenarioInput['steps'];
}

/** One handler at 3 ms takes some 300 messages a second of the 500 that are offered: something is always in the consumer's hands. */
const pace = { inFlight: 64, ratePerSecond: 500 } as const;
const slow = { prefetch: 16, handlerMs: 3 } as const;
const midStream = { wait: { attempted: 250, elapsedMs: 10_000 } } as const;
const afterwards = { wait: { attempted: 100, elapsedMs: 10_000 } } as const;
const consumer = { consumer: 0 } as const;

export const baseline: MemoryFault = {
  name: 'baseline', title: 'nothing goes wrong', tags: ['baseline'], producer: pace, consumer: { prefetch: 16 }, steps: [midStream],
};

export const consumerKill: MemoryFault = {
  name: 'consumer-kill',
  title: 'the consumer is killed mid-stream, with messages in hand',
  tags: ['client', 'kill'],
  producer: pace,
  consumer: slow,
  steps: [midStream, { inject: 'kill', target: consumer }, { heal: 'kill' }, afterwards],
};

/** The consumer handled a message and had no time to say so. */
export const consumerKillUnsettled: MemoryFault = {
  name: 'consumer-kill-unsettled',
  title: 'the consumer dies between processing and settling',
  tags: ['client', 'kill', 'exact'],
  producer: pace,
  consumer: slow,
  steps: [midStream, { inject: 'kill', target: { ...consumer, between: 'processing-and-settling' } }, { heal: 'kill' }, afterwards],
};

/** The consumer said that it is done with a message that it never handled. */
export const consumerKillUnprocessed: MemoryFault = {
  name: 'consumer-kill-unprocessed',
  title: 'the consumer dies between settling and processing',
  tags: ['client', 'kill', 'exact'],
  producer: pace,
  consumer: slow,
  steps: [midStream, { inject: 'kill', target: { ...consumer, between: 'settling-and-processing' } }, { heal: 'kill' }, afterwards],
};

/** Twice in a row with five messages in hand at least, none of them handled. */
export const consumerCrashLoop: MemoryFault = {
  name: 'consumer-crash-loop',
  title: 'the consumer dies with messages in hand, is started again, and dies again',
  tags: ['client', 'kill'],
  producer: pace,
  consumer: slow,
  steps: [midStream, { inject: 'crash-loop', target: consumer, with: { times: 2, held: 5 } }, { heal: 'crash-loop' }, afterwards],
};

export const producerKill: MemoryFault = {
  name: 'producer-kill',
  title: 'the producer is killed with messages under way',
  tags: ['client', 'kill'],
  producer: pace,
  consumer: slow,
  steps: [midStream, { inject: 'kill', target: { producer: 0 } }, { heal: 'kill' }, afterwards],
};
