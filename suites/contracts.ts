// What the matrices' contracts have in common.
import type { Contract } from '../harness/model/contract.ts';
import { demands } from '../harness/model/clause.ts';

/** Part of every shipped contract. */
export { sound } from '../harness/model/contract-presets.ts';

/** Whether it asks for something bad to happen: the scenario is the unsafe side of the matrix, tagged `negative`. */
export const asksForHarm = (contract: Contract): boolean => Object.values(contract).some(demands);

/** A queue where nothing goes wrong: nothing may. */
export const atRest = {
  lost: 'forbidden', deadLettered: 'forbidden', stuck: 'forbidden', settledUnprocessed: 'forbidden', duplicated: 'forbidden', processedTwice: 'forbidden',
  redelivered: 'forbidden', indeterminate: 'forbidden', failed: 'forbidden',
} as const satisfies Contract;
