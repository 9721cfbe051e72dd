// What no policy ever allows: messages from nowhere, and messages that changed on their way.
import type { Contract } from '../harness/model/contract.ts';

/** Part of every shipped contract. */
export const sound = { phantom: 'forbidden', ghost: 'forbidden', corrupted: 'forbidden', strangers: 'forbidden' } as const satisfies Contract;
