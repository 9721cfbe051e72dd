// What must hold under the well-known guarantees, as plain contracts that can be spread and overridden.
import type { Contract } from '../model/contract.ts';

/** No policy ever allows these: messages from nowhere, and messages that changed on their way. */
const sound = { phantom: 'forbidden', ghost: 'forbidden', corrupted: 'forbidden', strangers: 'forbidden' } as const satisfies Contract;

export const contracts = {
  /** Nothing is handled twice; losses are the price. */
  atMostOnce: () => ({ ...sound, lost: 'allowed', duplicated: 'forbidden', processedTwice: 'forbidden' }) as const satisfies Contract,
  /** Nothing accepted is lost or left lying; repetitions are the price. */
  atLeastOnce: () => ({ ...sound, lost: 'forbidden', stuck: 'forbidden', duplicated: 'allowed', redelivered: 'allowed', republished: 'allowed' }) as const satisfies Contract,
  /** Nothing is lost, stored twice or handled twice. */
  exactlyOnce: () => ({ ...sound, lost: 'forbidden', stuck: 'forbidden', duplicated: 'forbidden', processedTwice: 'forbidden' }) as const satisfies Contract,
  /** Nothing is lost or stored twice on a log; consumers may see a record again (an idempotent producer's promise, KIP-98). */
  storedOnce: () => ({ ...sound, lost: 'forbidden', erased: 'forbidden', stuck: 'forbidden', duplicated: 'forbidden', redelivered: 'allowed' }) as const satisfies Contract,
  /** The unsafe twin of a random fault: something must be lost, or the fault had no power. */
  mustLose: () => ({ ...sound, lost: 'required', stuck: 'forbidden' }) as const satisfies Contract,
  /** The unsafe twin of an exact recipe: the exposed are lost, all of them and no other. */
  mustLoseExposed: () => ({ ...sound, lost: { equals: 'exposed' }, stuck: 'forbidden' }) as const satisfies Contract,
};
