// Suites over time: what became of each scenario, since when it is bad, and how long recovery takes where runs can be compared.
import type { ExitCode } from '../../harness/model/errors.ts';
import type { Result } from '../summary/result.ts';
import type { HistoryLine, HistoryScenario } from './history-line.ts';

export const trendSchema = 'leaderfall/trend@1';

export interface TrendSuite {
  readonly suiteId: string;
  readonly startedAt: string;
  readonly commit: string | null;
  readonly ref: string | null;
  readonly url: string | null;
}

export interface TrendRecovery {
  /** Of the newest run in which a fault struck; null: success did not come back; 0: no outage. */
  readonly newestMs: number | null;
  /** Over all runs of the newest one's environment and plan that had an outage and recovered; null: none did. */
  readonly medianMs: number | null;
  readonly of: number;
  /** Runs whose faults interrupted nothing: no outage is no short one. */
  readonly withoutOutage: number;
  readonly notRecovered: number;
  /** Runs on another machine, or with other images, drivers or another plan: left out. */
  readonly elsewhere: number;
}

export interface TrendScenario {
  readonly scenario: string;
  readonly version: string;
  /** One for each suite, oldest first; null: it was not part of it, or could not run. */
  readonly results: readonly (Result | null)[];
  readonly newest: Result;
  /** The number that decided the newest result. */
  readonly worst: string;
  /** The first suite of the unbroken row of bad results at the end; null: the newest result is good. */
  readonly badSince: TrendSuite | null;
  /** How many suites that row has; 0: none. */
  readonly badFor: number;
  /** The last suite with a bad result; null: none in the file. */
  readonly lastBad: TrendSuite | null;
  /** null: no fault struck in any run. */
  readonly recovery: TrendRecovery | null;
}

export interface Trend {
  readonly schema: typeof trendSchema;
  /** By the newest result of each scenario. 1: one is violated; 4: one failed to run; 3: one is inconclusive or was interrupted; 0: all are upheld. */
  readonly exitCode: ExitCode;
  readonly sentence: string;
  /** Oldest first. */
  readonly suites: readonly TrendSuite[];
  /** What is bad now first, the longest first. */
  readonly scenarios: readonly TrendScenario[];
}

/** @param lines in any order; of a suite that is there twice the later line counts. */
export function trendOf(lines: readonly HistoryLine[]): Trend {
  const suites = [...new Map(lines.map((line) => [line.suiteId, line])).values()].toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
  const keys = new Set(suites.flatMap(({ scenarios }) => scenarios.map(keyOf)));
  const scenarios = [...keys].map((key) => scenarioOf(suites, key)).toSorted((a, b) => b.badFor - a.badFor);
  return { schema: trendSchema, exitCode: exitCodeOf(scenarios), sentence: sentenceOf(suites, scenarios), suites: suites.map(suiteOf), scenarios };
}

const keyOf = ({ scenario, version }: HistoryScenario): string => `${scenario}\n${version}`;
const suiteOf = ({ suiteId, startedAt, commit, ref, url }: HistoryLine): TrendSuite => ({ suiteId, startedAt, commit, ref, url });
const isBad = (result: Result | null): boolean => result !== null && result !== 'upheld' && result !== 'required';

function scenarioOf(suites: readonly HistoryLine[], key: string): TrendScenario {
  const entries = suites.map(({ scenarios }) => scenarios.find((entry) => keyOf(entry) === key) ?? null);
  const taken = entries.flatMap((entry, index) => (entry === null ? [] : [{ entry, suite: suites[index]! }]));
  const lastGood = taken.findLastIndex(({ entry }) => !isBad(entry.result));
  const bad = taken.slice(lastGood + 1);
  const { entry } = taken.at(-1)!;
  const lastBad = taken.findLast((each) => isBad(each.entry.result));
  return {
    scenario: entry.scenario, version: entry.version, results: entries.map((each) => each?.result ?? null), newest: entry.result, worst: entry.worst,
    badSince: bad.length === 0 ? null : suiteOf(bad[0]!.suite), badFor: bad.length, lastBad: lastBad === undefined ? null : suiteOf(lastBad.suite),
    recovery: recoveryOf(taken.map((each) => each.entry)),
  };
}

function recoveryOf(entries: readonly HistoryScenario[]): TrendRecovery | null {
  const struck = entries.filter(({ recoveryMs }) => recoveryMs.length > 0);
  const newest = struck.at(-1);
  if (newest === undefined) return null;
  const same = struck.filter(({ environment }) => environment === newest.environment).flatMap(({ recoveryMs }) => recoveryMs);
  const outages = same.filter((time) => time !== 0);
  const recovered = outages.filter((time) => time !== null);
  const all = struck.reduce((sum, { recoveryMs }) => sum + recoveryMs.length, 0);
  return {
    newestMs: newest.recoveryMs.includes(null) ? null : Math.max(...newest.recoveryMs.map(Number)), medianMs: median(recovered), of: recovered.length,
    withoutOutage: same.length - outages.length, notRecovered: outages.length - recovered.length, elsewhere: all - same.length,
  };
}

/** Of an even number of values the mean of the two in the middle; null of none. */
function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return sorted.length === 0 ? null : middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

function exitCodeOf(scenarios: readonly TrendScenario[]): ExitCode {
  const has = (...results: readonly Result[]): boolean => scenarios.some(({ newest }) => results.includes(newest));
  return has('violated') ? 1 : has('failed') ? 4 : has('inconclusive', 'interrupted') ? 3 : 0;
}

function sentenceOf(suites: readonly HistoryLine[], scenarios: readonly TrendScenario[]): string {
  const bad = scenarios.filter(({ badFor }) => badFor > 0).length;
  const over = `${scenarios.length} ${scenarios.length === 1 ? 'scenario' : 'scenarios'} over ${suites.length} ${suites.length === 1 ? 'suite' : 'suites'}`;
  return `${over}: ${bad === 0 ? 'the newest result of each is good' : `${bad} ${bad === 1 ? 'is' : 'are'} not upheld in the newest result`}.`;
}
