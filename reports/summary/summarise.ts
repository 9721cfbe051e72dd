// One line per scenario and version of its broker, over all repetitions: what every overview (HTML, terminal, Markdown) shows.
import type { Cause, Facts, MeasureFact } from '../../harness/model/facts.ts';
import type { Measure } from '../../harness/model/contract.ts';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { wentBeyond } from './availability.ts';
import { formatCount, formatDuration, formatRange, listWords, plural, rangeOf } from './format.ts';
import { causes } from './measure-words.ts';
import { formatQuantities, quantityOf } from './quantity.ts';
import { repetitionsOf } from './repetitions.ts';
import { asRequired, lossRule, results, resultOf, resultWords, worstOf, type Result } from './result.ts';
import { versionLabels, versionOf, type Versioned } from './versions.ts';

export interface ScenarioSummary {
  readonly name: string;
  readonly title: string;
  /** "kafka 4.1" where the suite ran that broker in several versions; empty otherwise. */
  readonly version: string;
  /** In the order of repetition. */
  readonly runs: readonly RunRecord[];
  /** The run that this line's sentence is about. */
  readonly worst: RunRecord;
  /** The worst of its runs. */
  readonly result: Result;
  /** "upheld", "upheld in 10 of 10", "violated in 1 of 10". */
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
  /** In some run a stretch was more than the replication can survive. */
  readonly beyond: boolean;
  /** "violated in 3 of 20 (95 % interval 5 % to 36 %), …"; null where it ran once. */
  readonly howOften: string | null;
  /** Of the worst run. */
  readonly sentence: string;
}

/** Worst first, otherwise in the order in which they ran. */
export function summarise(suite: Versioned): readonly ScenarioSummary[] {
  const groups = Map.groupBy(suite.runs, (run) => `${run.scenario.name}\n${versionOf(run)}`);
  const label = versionLabels(suite);
  const rows = [...groups.values()].map((runs) => ({ ...summariseGroup(runs.toSorted((a, b) => a.repetition - b.repetition), label(runs[0]!)), howOften: repetitionsOf(suite, runs[0]!)?.sentence ?? null }));
  return rows.toSorted((a, b) => rank(a.result) - rank(b.result));
}

/** Upheld is upheld: a twin that lost as required stays beside its partner. */
const rank = (result: Result): number => results.indexOf(result === 'upheld' ? 'required' : result);

function summariseGroup(runs: readonly RunRecord[], version: string): Omit<ScenarioSummary, 'howOften'> {
  const all = runs.map(resultOf);
  const result = worstOf(all);
  const worst = runs[all.indexOf(result)]!;
  return {
    name: worst.scenario.name,
    title: worst.scenario.title,
    version,
    runs,
    worst,
    result,
    verdict: verdictWords(result, all),
    note: asRequired(worst),
    rule: lossRule(worst.scenario.contract),
    ...numbers(runs),
    recovery: recoveryWords(runs),
    beyond: runs.some(wentBeyond),
    sentence: sentenceOf(worst),
  };
}

function verdictWords(result: Result, all: readonly Result[]): string {
  const word = resultWords[result];
  return all.length === 1 ? word : `${word} in ${all.filter((other) => resultWords[other] === word).length} of ${all.length}`;
}

function numbers(runs: readonly RunRecord[]): Pick<ScenarioSummary, 'base' | 'baseWord' | 'lost' | 'lostBy' | 'duplicated'> {
  const facts = runs.flatMap((run) => run.facts ?? []);
  const base = rangeOf(facts.map(({ accounting }) => accounting.baseCount));
  const over = (measure: Measure): string => formatQuantities(runs.flatMap((run) => quantityOf(run, measure) ?? []), formatCount);
  return {
    base: base === null ? '—' : formatRange(base, formatCount),
    baseWord: facts[0]?.accounting.base ?? 'acknowledged',
    lost: over('lost'),
    lostBy: attributionWords(facts),
    duplicated: over('duplicated'),
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
export const suiteSentence = (suite: SuiteRecord): string => suiteHeadline(suite) + leftOutWords(suite);

/** How the scenarios came out that ran. */
export function suiteHeadline(suite: SuiteRecord): string {
  const rows = summarise(suite);
  const count = (...wanted: readonly Result[]): number => rows.filter(({ result }) => wanted.includes(result)).length;
  const kept = count('upheld', 'required');
  if (rows.length === 0) return 'No scenario ran.';
  const versions = rows.some(({ version }) => version !== '') ? ', counted per version,' : '';
  const head = `${formatCount(kept)} of ${plural(rows.length, 'scenario')}${versions} did what ${rows.length === 1 ? 'its' : 'their'} contract says`;
  const tail = kept === rows.length ? keptWords(count('upheld'), rows.filter(({ result }) => result === 'required')) : brokenWords(count);
  return `${head}${tail}.`;
}

/** "Lost as contracts require or allow: 1,020 messages in 2 scenarios (broker 1,000, consumer 20)."; empty where nothing was. */
export function lostAsAgreed(rows: readonly ScenarioSummary[]): string {
  const kept = rows.filter(({ result }) => result === 'upheld' || result === 'required');
  const lossy = kept.filter(({ runs }) => runs.some(({ facts }) => (facts?.accounting.lost ?? 0) > 0));
  const facts = lossy.flatMap(({ runs }) => runs.flatMap((run) => run.facts ?? []));
  if (lossy.length === 0) return '';
  const lost = facts.reduce((sum, { accounting }) => sum + accounting.lost, 0);
  return `Lost as contracts require or allow: ${plural(lost, 'message')} in ${plural(lossy.length, 'scenario')} (${attributionWords(facts)}).`;
}

/** What did not run, and why not; begins with a space where there is anything to say. */
export function leftOutWords({ runs, notRunnable, notApplicable, shard }: SuiteRecord): string {
  const more = runs.length === 0 ? '' : ' more';
  const parts = [
    notRunnable.length === 0 ? '' : ` ${formatCount(notRunnable.length)}${more} could not run here.`,
    notApplicable.length === 0 ? '' : ` ${formatCount(notApplicable.length)}${more} ${notApplicable.length === 1 ? 'does not apply to its' : 'do not apply to their'} version.`,
    shard === null ? '' : ` This is shard ${shard} of what was chosen.`,
  ];
  return parts.join('');
}

function keptWords(safe: number, required: readonly ScenarioSummary[]): string {
  if (required.length === 0) return safe === 1 ? ': nothing happened that it forbids' : ': nothing happened that they forbid';
  const what = required.every(({ note }) => note === 'lost as required') ? 'lost messages as' : 'showed what';
  const shown = `${formatCount(required.length)} ${what} ${required.length === 1 ? 'its contract requires' : 'their contracts require'}`;
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
