// Two suites side by side. A verdict that changed is a result; numbers are set beside each other only where both ran on the same.
import type { JudgedClause, Measure, Verdict } from '../../harness/model/contract.ts';
import { measures } from '../../harness/model/contract.ts';
import type { ExitCode } from '../../harness/model/errors.ts';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { clauseVerdict } from '../summary/quantity.ts';
import type { Result } from '../summary/result.ts';
import { summarise, type ScenarioSummary } from '../summary/summarise.ts';
import { differencesBetween } from './differences.ts';
import { numbersBeside, type NumberBeside } from './numbers.ts';

export const comparisonSchema = 'leaderfall/comparison@1';

/** `gone`: the base has it, the run has not. */
export type Change = 'worse' | 'gone' | 'better' | 'new' | 'same';

export interface ComparedScenario {
  readonly scenario: string;
  readonly version: string;
  readonly change: Change;
  /** "violated in 1 of 10"; null: it did not run there. */
  readonly base: string | null;
  readonly run: string | null;
  /** What came of it in the run, or why it is gone; null: nothing to say. */
  readonly detail: string | null;
  /** Clauses that came out otherwise. */
  readonly clauses: readonly { readonly measure: Measure; readonly base: Verdict; readonly run: Verdict }[];
  /** Clauses that ask for something else: then the verdicts answer different questions. */
  readonly contract: readonly { readonly measure: Measure; readonly base: string | null; readonly run: string | null }[];
  /** Why numbers are not compared: "cpus: 2 → 4"; empty: both ran on the same. */
  readonly differences: readonly string[];
  readonly numbers: readonly NumberBeside[];
}

interface Side {
  readonly suiteId: string;
  readonly startedAt: string;
  readonly leaderfall: string;
}

export interface Comparison {
  readonly schema: typeof comparisonSchema;
  readonly base: Side;
  readonly run: Side;
  /** 0: no verdict got worse; 1: one became violated; 4: one failed to run that had run; 3: one is no longer known. */
  readonly exitCode: ExitCode;
  readonly sentence: string;
  /** Worst first. */
  readonly scenarios: readonly ComparedScenario[];
}

export interface CompareOptions {
  /** The run was chosen narrower than the base: what it left out is not told. Default false. */
  readonly onlyChosen?: boolean;
}

export function compareSuites(base: SuiteRecord, run: SuiteRecord, { onlyChosen = false }: CompareOptions = {}): Comparison {
  const [before, after] = [rowsOf(base), rowsOf(run)];
  const keys = [...new Set([...after.keys(), ...(onlyChosen ? [] : before.keys())])];
  const scenarios = keys.map((key) => compareRows(before.get(key), after.get(key), run)).toSorted((a, b) => changes.indexOf(a.change) - changes.indexOf(b.change));
  return { schema: comparisonSchema, base: sideOf(base), run: sideOf(run), exitCode: exitCodeFor(scenarios, after), sentence: sentenceFor(scenarios), scenarios };
}

const changes: readonly Change[] = ['worse', 'gone', 'better', 'new', 'same'];
const sideOf = ({ suiteId, startedAt, leaderfall }: SuiteRecord): Side => ({ suiteId, startedAt, leaderfall });
const keyOf = (name: string, version: string): string => `${name}\n${version}`;
const versionOf = ({ worst }: ScenarioSummary): string => `${worst.scenario.cluster.broker} ${worst.scenario.cluster.version}`;
const rowsOf = (suite: SuiteRecord): ReadonlyMap<string, ScenarioSummary> => new Map(summarise(suite).map((row) => [keyOf(row.name, versionOf(row)), row]));

/** How far from upheld: what did not end proves as little as what is inconclusive. */
const rank: Readonly<Record<Result, number>> = { upheld: 0, required: 0, inconclusive: 1, interrupted: 1, failed: 1, violated: 2 };
const verdictRank: Readonly<Record<Verdict, number>> = { upheld: 0, inconclusive: 1, violated: 2 };

function compareRows(before: ScenarioSummary | undefined, after: ScenarioSummary | undefined, run: SuiteRecord): ComparedScenario {
  const row = (after ?? before)!;
  const same = { scenario: row.name, version: versionOf(row), base: wordsOf(before), run: wordsOf(after), clauses: [], contract: [], differences: [], numbers: [] };
  if (after === undefined) return { ...same, change: 'gone', detail: whyGone(row, run) };
  if (before === undefined) return { ...same, change: 'new', detail: rank[after.result] === 0 ? null : after.sentence };
  const clauses = clauseChanges(before.runs, after.runs);
  const change = changeOf(before, after, clauses);
  const differences = differencesBetween(before.worst, after.worst);
  return {
    ...same, change, clauses, detail: change === 'worse' ? after.sentence : null, contract: contractChanges(before.worst, after.worst),
    differences, numbers: differences.length > 0 ? [] : numbersBeside(before.runs, after.runs),
  };
}

const wordsOf = (row: ScenarioSummary | undefined): string | null => (row === undefined ? null : `${row.verdict}${row.note === null ? '' : `, ${row.note}`}`);

function changeOf(before: ScenarioSummary, after: ScenarioSummary, clauses: ComparedScenario['clauses']): Change {
  const step = rank[after.result] - rank[before.result];
  if (step > 0 || (rank[after.result] === 2 && clauses.some((clause) => clause.run === 'violated'))) return 'worse';
  return step < 0 ? 'better' : 'same';
}

const why = (reason: string): string => `not run: ${reason}`;

function whyGone({ name, worst }: ScenarioSummary, { notRunnable, notApplicable }: SuiteRecord): string {
  const { version } = worst.scenario.cluster;
  const left = [...notRunnable, ...notApplicable].find((one) => one.name === name && (one.version === undefined || one.version === version));
  return why(left?.reason ?? 'it was not chosen, or is no longer there');
}

/** Over repetitions the worst counts. */
function verdictsOf(runs: readonly RunRecord[]): ReadonlyMap<Measure, Verdict> {
  const worst = new Map<Measure, Verdict>();
  const told = runs.flatMap((run) => run.judgement.clauses.map((clause): readonly [JudgedClause, Verdict] => [clause, clauseVerdict(run, clause)]));
  for (const [{ measure }, verdict] of told) if (verdictRank[verdict] >= verdictRank[worst.get(measure) ?? 'upheld']) worst.set(measure, verdict);
  return worst;
}

function clauseChanges(before: readonly RunRecord[], after: readonly RunRecord[]): ComparedScenario['clauses'] {
  const [base, run] = [verdictsOf(before), verdictsOf(after)];
  return [...run].flatMap(([measure, verdict]) => {
    const was = base.get(measure) ?? 'upheld';
    return was === verdict ? [] : [{ measure, base: was, run: verdict }];
  });
}

function contractChanges(before: RunRecord, after: RunRecord): ComparedScenario['contract'] {
  const clauseOf = ({ scenario: { contract } }: RunRecord, measure: Measure): string | null => {
    const clause = contract[measure];
    return clause === undefined ? null : typeof clause === 'string' ? clause : Object.entries(clause).map(([key, value]) => `${key} ${value}`).join(' ');
  };
  return measures.map((measure) => ({ measure, base: clauseOf(before, measure), run: clauseOf(after, measure) })).filter(({ base, run }) => base !== run);
}

function exitCodeFor(scenarios: readonly ComparedScenario[], after: ReadonlyMap<string, ScenarioSummary>): ExitCode {
  const worse = scenarios.filter(({ change }) => change === 'worse').map(({ scenario, version }) => after.get(keyOf(scenario, version))!.result);
  if (worse.includes('violated')) return 1;
  if (worse.includes('failed')) return 4;
  return worse.length > 0 || scenarios.some(({ change }) => change === 'gone') ? 3 : 0;
}

function sentenceFor(scenarios: readonly ComparedScenario[]): string {
  if (scenarios.length === 0) return 'Nothing ran in either, so there is nothing to compare.';
  const count = (change: Change): number => scenarios.filter((one) => one.change === change).length;
  const words: Readonly<Record<Change, string>> = { worse: 'worse', gone: 'gone', better: 'better', new: 'new', same: 'as before' };
  const told = changes.filter((change) => count(change) > 0).map((change) => `${count(change)} ${words[change]}`);
  return `Verdicts of ${scenarios.length} ${scenarios.length === 1 ? 'scenario' : 'scenarios'}: ${told.join(', ')}.`;
}
