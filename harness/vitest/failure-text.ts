// What a failed expectation prints: which clauses did not hold, which gates failed, the first examples, and where the report lies.
import { join, relative } from 'node:path';
import type { Judgement, JudgedClause } from '../model/contract.ts';
import type { MeasureFact } from '../model/facts.ts';
import type { RunRecord } from '../model/run-record.ts';
import { folderOf } from '../run/run-folders.ts';
import type { JudgedRun } from './received.ts';

const examplesShown = 3;
const runsShown = 3;

export interface FailureParts {
  /** The call as Vitest writes it: `expect(run).toHaveLost(0)`. */
  readonly call: string;
  readonly runs: readonly JudgedRun[];
  /** The expectation was negated. */
  readonly isNot: boolean;
}

/** The runs that are to blame, the first of many in full. */
export function failureText({ call, runs, isNot }: FailureParts): string {
  const blamed = runs.filter(({ verdict }) => verdict !== (isNot ? 'violated' : 'upheld'));
  const many = runs.length === 1 ? [] : [`${blamed.length} of ${runs.length} runs ${isNot ? 'do not contradict it' : 'do not show it'}`, ''];
  const shown = blamed.slice(0, runsShown).flatMap((one, index) => [...(index === 0 ? [] : ['']), ...describeRun(one, isNot)]);
  const more = blamed.length > runsShown ? ['', `and ${blamed.length - runsShown} more ${blamed.length - runsShown === 1 ? 'run' : 'runs'}`] : [];
  return [call, '', ...many, ...shown, ...more].join('\n');
}

function describeRun({ run, verdict, judgements }: JudgedRun, isNot: boolean): readonly string[] {
  const details = judgements.flatMap((judgement) => describeJudgement(judgement, run));
  const sentence = summary(run, judgements);
  const gates = new Set(judgements.flatMap((judgement) => failedGates(judgement, sentence)));
  return [
    `${nameOf(run)}: ${headline(verdict, isNot)}`,
    `  ${sentence}`,
    ...(verdict === 'upheld' ? judgements.flatMap(({ clauses }) => clauses.map(held)) : details),
    ...gates,
    ...reportLines(run),
  ];
}

function headline(verdict: JudgedRun['verdict'], isNot: boolean): string {
  if (verdict === 'inconclusive') return `inconclusive, which ${isNot ? 'is no contradiction either' : 'shows nothing'}`;
  return verdict === 'violated' ? 'violated' : 'upheld, where the opposite was expected';
}

/** What happened, in one sentence: with its cause and time, as far as they are known. */
function summary({ error: failed, judgement }: RunRecord, judgements: readonly Judgement[]): string {
  if (failed !== null) return `${failed.message}${failed.phase === null ? '' : ` (while in ${failed.phase})`}`;
  const telling = judgements.find(({ verdict }) => verdict !== 'upheld') ?? judgements[0] ?? judgement;
  return telling.sentence;
}

function describeJudgement({ clauses, power, verdict }: Judgement, run: RunRecord): readonly string[] {
  const unmet = clauses.filter((clause) => clause.verdict !== 'upheld').flatMap((clause) => describeClause(clause, run));
  return power.state === 'not-shown' && verdict === 'inconclusive' ? [...unmet, `  power not shown: ${power.detail}`] : unmet;
}

function describeClause({ measure, expected, actual, verdict, reason }: JudgedClause, { facts }: RunRecord): readonly string[] {
  const line = `  ${measure}: expected ${expected}, counted ${actual}${verdict === 'inconclusive' ? ' (undecided)' : ''}${reason === null ? '' : `: ${reason}`}`;
  const fact = facts?.measures.find((candidate) => candidate.measure === measure);
  return [line, ...(fact === undefined ? [] : describeExamples(fact))];
}

function describeExamples({ examples, count }: MeasureFact): readonly string[] {
  const shown = examples.slice(0, examplesShown).map(({ producer, sequence, story, cause }) => `    message ${producer}/${sequence}: ${story}${cause === undefined ? '' : ` [${cause}]`}`);
  return shown.length > 0 && count > shown.length ? [...shown, `    and ${count - shown.length} more`] : shown;
}

/** A run's own judgement in one sentence. */
export const describeVerdict = (run: RunRecord): string =>
  [`${nameOf(run)}: ${run.judgement.verdict}`, `  ${run.error?.message ?? run.judgement.sentence}`, ...reportLines(run)].join('\n');

const nameOf = ({ scenario: { name }, repetition }: RunRecord): string => `${name}${repetition > 1 ? `, repetition ${repetition}` : ''}`;

const held = ({ measure, expected, actual }: JudgedClause): string => `  ${measure}: ${expected}, counted ${actual}`;

/** Those that the sentence does not tell of: that of an inconclusive run names its gates itself. */
const failedGates = ({ gates }: Judgement, sentence: string): readonly string[] =>
  gates.filter(({ passed, name }) => !passed && !sentence.includes(`gate ${name} failed`)).map(({ name, detail }) => `  gate ${name} failed: ${detail}`);

function reportLines(run: RunRecord): readonly string[] {
  const report = reportOf(run);
  return report === null ? [`run: ${run.runId} (made by another process: look in its folder for report.html)`] : [`report: ${report}`];
}

/** Relative to the working directory; null where the run was not made in this process. */
export function reportOf(run: RunRecord): string | null {
  const folder = folderOf(run);
  return folder === null ? null : relative(process.cwd(), join(folder, 'report.html'));
}
