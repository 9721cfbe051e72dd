// Several runs of one scenario: how often each verdict came, and how sure that makes one. Pure.
import { measures, type Measure, type Verdict } from '../model/contract.ts';
import type { ClauseRepetitions, MeasureRepetitions, RepetitionSummary, Share, VerdictShares } from '../model/repetitions.ts';
import type { RunRecord } from '../model/run-record.ts';

/** Worst first: what a reader looks for. */
const verdictsWorstFirst: readonly Verdict[] = ['violated', 'inconclusive', 'upheld'];
/** Quantile of the normal distribution that leaves 2.5 % on either side. */
const deviations = 1.959964;

/**
 * One summary for each scenario and version that ran more than once, in the order in which they first ran.
 * Pass runs to which `applyTwins` was applied: their verdicts are the final ones.
 */
export function summariseRepetitions(runs: readonly RunRecord[]): readonly RepetitionSummary[] {
  const groups = Map.groupBy(runs, ({ scenario: { name, cluster } }) => JSON.stringify([name, cluster.broker, cluster.version]));
  return [...groups.values()].filter((group) => group.length > 1).map(summarise);
}

function summarise(runs: readonly RunRecord[]): RepetitionSummary {
  const { name, cluster: { broker, version } } = runs[0]!.scenario;
  const judged = runs.filter(({ status, facts }) => status === 'completed' && facts !== null);
  const verdicts = sharesOf(judged.map(({ judgement }) => judgement.verdict));
  return {
    scenario: name, broker, version, verdicts,
    judged: judged.length,
    notJudged: runs.length - judged.length,
    clauses: clausesOf(judged),
    measures: measuresOf(judged),
    sentence: sentenceOf(verdicts, runs.length - judged.length),
  };
}

function clausesOf(judged: readonly RunRecord[]): readonly ClauseRepetitions[] {
  const all = judged.flatMap(({ judgement }) => judgement.clauses);
  return [...Map.groupBy(all, ({ measure }) => measure)].map(([measure, clauses]) => (
    { measure, expected: clauses[0]!.expected, verdicts: sharesOf(clauses.map(({ verdict }) => verdict)) }
  ));
}

function measuresOf(judged: readonly RunRecord[]): readonly MeasureRepetitions[] {
  const named = new Set<Measure>(judged.flatMap(({ judgement }) => judgement.clauses.map(({ measure }) => measure)));
  return measures.flatMap((measure) => {
    const counts = judged.flatMap(({ facts }) => countsOf(facts!.measures.find((fact) => fact.measure === measure))).toSorted((a, b) => a - b);
    const shown = counts.filter((count) => count > 0).length;
    if (counts.length === 0 || (shown === 0 && !named.has(measure))) return [];
    const told = measure === 'unavailableMs' && shown > 0 ? counts.slice(-shown) : counts;
    return [{ measure, shown: shareOf(shown, counts.length), fewest: told[0]!, median: medianOf(told), most: told.at(-1)! }];
  });
}

type Fact = NonNullable<RunRecord['facts']>['measures'][number];
const countsOf = (fact: Fact | undefined): readonly number[] => (fact !== undefined && (fact.conclusive || fact.atLeast === true) ? [fact.count] : []);

/** Of an even number the lower one of the two in the middle: a count that came. */
const medianOf = (ascending: readonly number[]): number => ascending[Math.floor((ascending.length - 1) / 2)]!;

function sharesOf(verdicts: readonly Verdict[]): VerdictShares {
  const share = (verdict: Verdict) => shareOf(verdicts.filter((one) => one === verdict).length, verdicts.length);
  return { upheld: share('upheld'), violated: share('violated'), inconclusive: share('inconclusive') };
}

/**
 * The Wilson score interval (E. B. Wilson, 1927): it holds for few runs too, and for outcomes that came always or never.
 * Of no runs at all: anything from 0 to 1.
 */
export function shareOf(count: number, of: number): Share {
  if (of === 0) return { count, of, low: 0, high: 1 };
  const square = deviations ** 2;
  const share = count / of;
  const middle = share + square / (2 * of);
  const reach = deviations * Math.sqrt((share * (1 - share)) / of + square / (4 * of ** 2));
  const scale = 1 + square / of;
  return { count, of, low: count === 0 ? 0 : (middle - reach) / scale, high: count === of ? 1 : (middle + reach) / scale };
}

/** `3 of 20 (95 % interval 5 % to 36 %)`. */
export const describeShare = ({ count, of, low, high }: Share): string => `${count} of ${of} (95 % interval ${percent(low)} to ${percent(high)})`;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function sentenceOf(verdicts: VerdictShares, notJudged: number): string {
  const came = verdictsWorstFirst.filter((verdict) => verdicts[verdict].count > 0).map((verdict) => `${verdict} in ${describeShare(verdicts[verdict])}`);
  const rest = notJudged === 0 ? [] : [`${notJudged} ${notJudged === 1 ? 'run' : 'runs'} not judged`];
  return [...came, ...rest].join(', ');
}
