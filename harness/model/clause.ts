// What a clause of a contract says, for those that judge it and those that tell of it.
import { measures, type Clause, type Contract } from './contract.ts';

/** "forbidden", "at most 12", "exactly the exposed". */
export function describeClause(clause: Clause, formatCount: (count: number) => string = String): string {
  if (typeof clause === 'string') return clause;
  if ('max' in clause) return `at most ${formatCount(clause.max)}`;
  if ('min' in clause) return `at least ${formatCount(clause.min)}`;
  return clause.equals === 'exposed' ? 'exactly the exposed' : `exactly ${formatCount(clause.equals)}`;
}

/** Whether a clause asks for something to happen; one that is not there asks for nothing. */
export const demands = (clause: Clause | undefined): boolean =>
  clause === 'required' || (typeof clause === 'object' && (('min' in clause && clause.min > 0) || ('equals' in clause && clause.equals !== 0)));

/** The lost are to be the exposed, one by one. */
export const asksForTheExposed = (clause: Clause): boolean => typeof clause === 'object' && 'equals' in clause && clause.equals === 'exposed';

const forbids = (clause: Clause | undefined): boolean => clause === 'forbidden' || (typeof clause === 'object' && 'max' in clause);

/** Whether one contract must show something that the other must not: with the same steps the unsafe side of a pair of twins. */
export const isUnsafeBeside = (contract: Contract, other: Contract): boolean =>
  measures.some((measure) => demands(contract[measure]) && forbids(other[measure]));
