// What both renderings of a comparison say, line by line.
import { sum } from 'd3-array';
import { formatCount, formatTimestamp } from '../summary/format.ts';
import { measureWords } from '../summary/measure-words.ts';
import type { Change, ComparedScenario, Comparison } from './compare.ts';
import { hasMoved, numberWords } from './numbers.ts';

export const changeSigns: Readonly<Record<Change, string>> = { worse: '✗', gone: '−', better: '✓', new: '+', same: '=' };

/** "kafka/acks-all/leader-kill (kafka 4.1)". */
export const nameWords = ({ scenario, version }: ComparedScenario): string => `${scenario} (${version})`;

/** "upheld → violated"; "violated, as before". */
export function verdictWords({ change, base, run }: ComparedScenario): string {
  if (change === 'new') return `${run}, not in the base`;
  if (change === 'gone') return `${base} in the base`;
  return base === run ? `${run}, as before` : `${base} → ${run}`;
}

/** Why, and what else is to be known before the verdicts are believed. */
export function detailLines({ clauses, contract, detail }: ComparedScenario): readonly string[] {
  return [
    ...(detail === null ? [] : [detail]),
    ...clauses.map(({ measure, base, run }) => `${measureWords[measure].label}: ${base} → ${run}`),
    ...contract.map(({ measure, base, run }) => `the contract asks for something else: ${measureWords[measure].label} ${base ?? 'not judged'} → ${run ?? 'not judged'}`),
  ];
}

/** Told in any case. */
export const isTold = (one: ComparedScenario): boolean => one.change !== 'same' || one.contract.length > 0;

export const sides = ({ base, run }: Comparison): string => {
  const words = ({ suiteId, startedAt, leaderfall }: Comparison['base']): string => `${suiteId} (${formatTimestamp(startedAt)}, leaderfall ${leaderfall})`;
  return `${words(base)} → ${words(run)}`;
};

/** Numbers of each scenario that moved farther than two runs of one plan do by themselves. */
export function movedNumbers({ scenarios }: Comparison): { readonly moved: readonly { readonly name: string; readonly words: readonly string[] }[]; readonly rest: string } {
  const moved = scenarios.map((one) => ({ name: nameWords(one), words: one.numbers.filter(hasMoved).map(numberWords) })).filter(({ words }) => words.length > 0);
  const still = sum(scenarios, ({ numbers }) => numbers.length) - sum(moved, ({ words }) => words.length);
  return { moved, rest: still === 0 ? '' : `${formatCount(still)}${moved.length > 0 ? ' other' : ''} ${still === 1 ? 'number' : 'numbers'} did not move beyond what runs of one plan vary; leaderfall compare --json has them all` };
}

/** Reasons, each with how many scenarios have it: thirty lines of "cpus: 2 → 4" would say no more than one. */
export function notCompared({ scenarios }: Comparison): readonly string[] {
  const differing = scenarios.filter(({ differences }) => differences.length > 0);
  const groups = Map.groupBy(differing, ({ differences }) => differences.join('; '));
  return [...groups].map(([reasons, all]) => `${all.length === 1 ? nameWords(all[0]!) : `${all.length} scenarios`}: ${reasons}`);
}
