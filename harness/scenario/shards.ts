// The same choice of scenarios cut into parts for several machines: each part is known without asking the others.
import { LeaderfallError } from '../model/errors.ts';
import type { Scenario } from '../model/scenario.ts';
import { familiesOf } from './families.ts';

/** `2/4`. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

export const formatShard = ({ index, count }: Shard): string => `${index}/${count}`;

/** @returns null for what is no `i/n` with 1 ≤ i ≤ n. */
export function parseShard(text: string): Shard | null {
  const [, first = '', second = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const [index, count] = [Number(first), Number(second)];
  return index >= 1 && index <= count ? { index, count } : null;
}

/**
 * Names of the scenarios of one part. Families stay whole, with all their versions; the largest are dealt first, each to the part with least to do.
 * @param scenarios all that were chosen.
 * @param runsOf how often a scenario is run: once for each version that has it.
 * @throws LeaderfallError `E_USAGE` when there are more parts than families.
 */
export function namesInShard(scenarios: readonly Scenario[], runsOf: (name: string) => number, { index, count }: Shard): ReadonlySet<string> {
  const families = familiesOf(scenarios).map((members) => ({ members, runs: members.reduce((sum, { name }) => sum + runsOf(name), 0) }));
  const busy = families.filter(({ runs }) => runs > 0).length;
  if (busy < count) {
    throw new LeaderfallError('E_USAGE', `${busy} ${busy === 1 ? 'family' : 'families'} of scenarios cannot be cut into ${count} shards: twins stay together`, { hint: busy === 0 ? 'Choose other scenarios or versions.' : `Use --shard 1/${busy} to ${busy}/${busy}, or choose more scenarios.` });
  }
  const loads = new Array<number>(count).fill(0);
  const names = new Set<string>();
  for (const { members, runs } of families.toSorted((a, b) => b.runs - a.runs)) {
    const lightest = loads.indexOf(Math.min(...loads));
    loads[lightest]! += runs;
    if (lightest === index - 1) for (const { name } of members) names.add(name);
  }
  return names;
}
