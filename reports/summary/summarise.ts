// One line per scenario over all its repetitions: what every overview (HTML, terminal, Markdown) shows.
import type { Cause, Facts, MeasureFact } from '../../harness/model/facts.ts';
import type { Measure } from '../../harness/model/contract.ts';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { formatCount, formatDuration, formatRange, listWords, plural, rangeOf } from './format.ts';
import { causes } from './measure-words.ts';
import { asRequired, lossRule, results, resultOf, resultWords, worstOf, type Result } from './result.ts';

export interface ScenarioSummary {
  readonly name: string;
  readonly title: string;
  /** In the order of repetition. */
  readonly runs: readonly RunRecord[];
  /** The worst of its runs. */
  readonly result: Result;
  /** "upheld", "upheld 10 of 10", "violated 1 of 10". */
  readonly verdict: string;
  /** "lost as required", or null. */
  readonly note: string | null;
  readonly rule: string;
  readonly base: string;
  readonly baseWord: string;
  readonly lost: string;
  /** "by the broker": who lost them; empty where nothing was. */
  readonly lostBy: string;
  readonly duplicated: string;
  readonly recovery: string;
  /** Of the worst run. */
  readonly sentence: string;
}

/** Worst first, otherwise in the order in which they ran. */
export function summarise(suite: Pick<SuiteRecord, 'runs'>): readonly ScenarioSummary[] {
  const groups = Map.groupBy(suite.runs, (run) => run.scenario.name);
  const rows = [...groups.values()].map((runs) => summariseGroup(runs.toSorted((a, b) => a.repetition - b.repetition)));
  return rows.toSorted((a, b) => rank(a.result) - rank(b.result));
}

/** Upheld is upheld: a twin that lost as required stays beside its partner. */
const rank = (result: Result): number => results.indexOf(result === 'upheld' ? 'required' : result);

function summariseGroup(runs: readonly RunRecord[]): ScenarioSummary {
  const all = runs.map(resultOf);
  const result = worstOf(all);
  const worst = runs[all.indexOf(result)]!;
  return {
    name: worst.scenario.name,
    title: worst.scenario.title,
    runs,
    result,
    verdict: verdictWords(result, all),
    note: asRequired(worst),
    rule: lossRule(worst.scenario.contract),
    ...numbers(runs.flatMap((run) => run.facts ?? [])),
    recovery: recoveryWords(runs),
    sentence: sentenceOf(worst),
  };
}

function verdictWords(result: Result, all: readonly Result[]): string {
  const word = resultWords[result];
  return all.length === 1 ? word : `${word} ${all.filter((other) => resultWords[other] === word).length} of ${all.length}`;
}

function numbers(facts: readonly Facts[]): Pick<ScenarioSummary, 'base' | 'baseWord' | 'lost' | 'lostBy' | 'duplicated'> {
  const over = (values: readonly number[]): string => {
    const range = rangeOf(values);
    return range === null ? '—' : formatRange(range, formatCount);
  };
  return {
    base: over(facts.map(({ accounting }) => accounting.baseCount)),
    baseWord: facts[0]?.accounting.base ?? 'acknowledged',
    lost: over(facts.map(({ accounting }) => accounting.lost)),
    lostBy: attributionWords(facts),
    duplicated: over(facts.flatMap((each) => measureFact(each, 'duplicated')?.count ?? [])),
  };
}

const byWords: Readonly<Record<Cause, string>> = {
  broker: 'by the broker', client: 'by the client', consumer: 'by the consumer', policy: 'by policy', undecided: 'cause undecided',
};

/** "by the broker", or "broker 12, client 3", summed over the runs. */
export function attributionWords(facts: readonly Facts[]): string {
  const sums = causes.map((cause) => ({ cause, count: facts.reduce((sum, { attribution }) => sum + attribution[cause], 0) }));
  const guilty = sums.filter(({ count }) => count > 0);
  if (guilty.length === 1) return byWords[guilty[0]!.cause];
  return guilty.map(({ cause, count }) => `${cause} ${formatCount(count)}`).join(', ');
}

export const measureFact = (facts: Facts, measure: Measure): MeasureFact | undefined => facts.measures.find((fact) => fact.measure === measure);

/** The longest time to recover of a run's faults; `never` where a fault struck and success did not come back; null without a fault. */
export function recoveryOf(run: RunRecord): number | 'never' | null {
  const struck = (run.facts?.faults ?? []).filter(({ struckMs }) => struckMs !== null);
  const times = struck.map(({ timeToRecoverMs }) => timeToRecoverMs);
  if (times.length === 0) return null;
  return times.includes(null) ? 'never' : Math.max(...times.filter((time) => time !== null));
}

function recoveryWords(runs: readonly RunRecord[]): string {
  const all = runs.map(recoveryOf);
  if (all.includes('never')) return 'not recovered';
  const range = rangeOf(all.filter((recovery) => typeof recovery === 'number'));
  return range === null ? '—' : formatRange(range, formatDuration);
}

export function sentenceOf(run: RunRecord): string {
  if (run.status === 'completed' || run.error === null) return run.judgement.sentence;
  return `${run.error.message} (${run.error.code}${run.error.phase === null ? '' : `, while in ${run.error.phase}`})`;
}

/** One sentence over everything that ran. */
export function suiteSentence(suite: SuiteRecord): string {
  const rows = summarise(suite);
  const count = (...wanted: readonly Result[]): number => rows.filter(({ result }) => wanted.includes(result)).length;
  const kept = count('upheld', 'required');
  const skipped = suite.notRunnable.length === 0 ? '' : ` ${formatCount(suite.notRunnable.length)} more could not run here.`;
  if (rows.length === 0) return `No scenario ran.${skipped}`;
  const head = `${formatCount(kept)} of ${plural(rows.length, 'scenario')} did what ${rows.length === 1 ? 'its' : 'their'} contract says`;
  const tail = kept === rows.length ? keptWords(count('upheld'), rows.filter(({ result }) => result === 'required')) : brokenWords(count);
  return `${head}${tail}.${skipped}`;
}

function keptWords(safe: number, required: readonly ScenarioSummary[]): string {
  if (required.length === 0) return safe === 1 ? ': nothing happened that it forbids' : ': nothing happened that they forbid';
  const what = required.every(({ note }) => note === 'lost as required') ? 'lost messages' : 'showed the anomalies';
  const shown = `${formatCount(required.length)} ${what}${what === 'lost messages' ? ' as' : ' that'} ${required.length === 1 ? 'its contract requires' : 'their contracts require'}`;
  return safe === 0 ? `: ${shown}` : `: ${formatCount(safe)} kept what must be kept, ${shown}`;
}

function brokenWords(count: (...wanted: readonly Result[]) => number): string {
  const parts = [
    [count('violated'), 'violated it'], [count('failed'), 'failed to run'],
    [count('interrupted'), count('interrupted') === 1 ? 'was interrupted' : 'were interrupted'],
    [count('inconclusive'), count('inconclusive') === 1 ? 'is inconclusive' : 'are inconclusive'],
  ] as const;
  return `; ${listWords(parts.filter(([number]) => number > 0).map(([number, words]) => `${formatCount(number)} ${words}`))}`;
}
