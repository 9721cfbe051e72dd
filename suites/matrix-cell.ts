// One cell of a matrix: what every broker's scenarios take from their policy, their fault and their contract in the same way.
import type { Contract } from '../harness/model/contract.ts';
import type { Predictions } from '../harness/model/scenario.ts';
import { sound } from './contracts.ts';

interface Named {
  /** Part of the scenario's name. */
  readonly name: string;
  readonly title: string;
}

export interface MatrixCell<Policy extends Named & { readonly sources: readonly string[] }, Fault extends Named & { readonly tags: readonly string[]; readonly sources?: readonly string[] }> {
  readonly policy: Policy;
  readonly fault: Fault;
  readonly contract: Contract;
  /** The policy that shows, under the same fault, what this one must not (or the reverse). */
  readonly twin?: Policy;
  readonly tags?: readonly string[];
  readonly predicted?: Predictions;
}

/** Cells in which the broker itself expires, drops, refuses or dead-letters, or must not: the family of the catalogue that nobody injects. */
export const byBrokerPolicy = <Cell extends { readonly tags?: readonly string[] }>(cells: readonly Cell[]): readonly Cell[] => cells.map((cell) => ({ ...cell, tags: [...(cell.tags ?? []), 'broker-policy'] }));

/** The fields of its scenario that do not depend on the broker's own vocabulary. */
export function matrixFields<Policy extends Named & { readonly sources: readonly string[] }, Fault extends Named & { readonly tags: readonly string[]; readonly sources?: readonly string[] }>(
  broker: string, { policy, fault, contract, twin, tags = [], predicted }: MatrixCell<Policy, Fault>,
) {
  const nameOf = ({ name }: Policy): string => `${broker}/${name}/${fault.name}`;
  return {
    name: nameOf(policy),
    title: `${policy.title}; ${fault.title}`,
    tags: [broker, 'full', ...fault.tags, ...tags],
    ...(twin === undefined ? {} : { twin: nameOf(twin) }),
    contract: { ...sound, ...contract },
    ...(predicted === undefined ? {} : { predicted }),
    sources: [...policy.sources, ...(fault.sources ?? [])],
  };
}
