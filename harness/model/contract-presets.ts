// What must hold under the well-known guarantees, as plain contracts that can be spread and overridden.
import type { Contract } from './contract.ts';

/** No policy ever allows these: messages from nowhere, and messages that changed on their way. */
export const sound = { phantom: 'forbidden', ghost: 'forbidden', corrupted: 'forbidden', strangers: 'forbidden' } as const satisfies Contract;

/** Nothing accepted disappears, is left lying, or is told to the broker as done without having been handled. */
const kept = { lost: 'forbidden', stuck: 'forbidden', settledUnprocessed: 'forbidden' } as const satisfies Contract;

export const contracts = {
  /** Nothing is handled twice; losses are the price, also of what was settled before it was handled. */
  atMostOnce: () => ({ ...sound, lost: 'allowed', settledUnprocessed: 'allowed', duplicated: 'forbidden', processedTwice: 'forbidden' }) as const satisfies Contract,
  /** Nothing accepted is lost or left lying; repetitions are the price. What a dead-letter target holds is put aside, not lost. */
  atLeastOnce: () => ({ ...sound, ...kept, deadLettered: 'allowed', duplicated: 'allowed', redelivered: 'allowed', republished: 'allowed' }) as const satisfies Contract,
  /** Nothing is lost, put aside, stored twice or handled twice. */
  exactlyOnce: () => ({ ...sound, ...kept, deadLettered: 'forbidden', duplicated: 'forbidden', processedTwice: 'forbidden' }) as const satisfies Contract,
  /** Nothing is lost or stored twice on a log; consumers may see a record again (an idempotent producer's promise, KIP-98). */
  storedOnce: () => ({ ...sound, ...kept, erased: 'forbidden', duplicated: 'forbidden', redelivered: 'allowed' }) as const satisfies Contract,
  /** What the client library says is true: what it calls sent is there, at the place that it names, and what it calls refused is not. Resends are its right. */
  clientTruth: () => ({ ...sound, lost: 'forbidden', offsetConflicts: 'forbidden', duplicated: 'allowed', redelivered: 'allowed' }) as const satisfies Contract,
  /** The unsafe twin of a random fault: something must be lost, or the fault had no power. */
  mustLose: () => ({ ...sound, lost: 'required', stuck: 'forbidden' }) as const satisfies Contract,
  /** The unsafe twin of an exact recipe: the exposed are lost, all of them and no other. */
  mustLoseExposed: () => ({ ...sound, lost: { equals: 'exposed' }, stuck: 'forbidden' }) as const satisfies Contract,
};
