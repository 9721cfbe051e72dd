// What the matrices' contracts have in common.
import type { Contract } from '../harness/model/contract.ts';

/** Part of every shipped contract: what no policy ever allows, messages from nowhere and messages that changed on their way. */
export const sound = { phantom: 'forbidden', ghost: 'forbidden', corrupted: 'forbidden', strangers: 'forbidden' } as const satisfies Contract;

/** Whether it asks for something bad to happen: the scenario is the unsafe side of the matrix, tagged `negative`. */
export const asksForHarm = (contract: Contract): boolean =>
  Object.values(contract).some((clause) => clause === 'required' || (typeof clause === 'object' && (('min' in clause && clause.min > 0) || ('equals' in clause && clause.equals !== 0))));
