// Predictions stand beside clauses: one of a measure that the contract does not speak of would be shown nowhere.
import type { Scenario } from '../../model/scenario.ts';
import type { Problem } from '../problem.ts';
import { contradiction } from './contradiction.ts';

/** @param conditions all that were written: a clause that holds on another version only has its prediction all the same. */
export function strayPredictions({ predicted = {}, contract }: Scenario, conditions: readonly { readonly contract: object }[]): readonly Problem[] {
  const known = new Set([contract, ...conditions.map((condition) => condition.contract)].flatMap((clauses) => Object.keys(clauses)));
  return Object.keys(predicted).filter((measure) => !known.has(measure)).map((measure) =>
    contradiction(['predicted', measure], `the contract says nothing of ${measure}, so the prediction would stand beside nothing`, `Add ${measure}: allowed to the contract, or take the prediction out.`));
}
