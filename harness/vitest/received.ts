// What a matcher was given, and how its runs are judged: by the same function as everywhere else.
import type { Clause, Contract, Judgement, Measure, Verdict } from '../model/contract.ts';
import { LeaderfallError } from '../model/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import { judge } from '../verdict/judge.ts';

/** One run in the light of an expectation. */
export interface JudgedRun {
  readonly run: RunRecord;
  readonly verdict: Verdict;
  /** What was judged; several for a range of counts. Empty where the run has no facts. */
  readonly judgements: readonly Judgement[];
}

/** One record, or those of a repeated scenario. @throws `E_USAGE` for anything else, a promise above all. */
export function runsOf(received: unknown, matcher: string): readonly RunRecord[] {
  const runs: readonly unknown[] = Array.isArray(received) ? received : [received];
  if (runs.length > 0 && runs.every(isRecord)) return runs;
  const hint = received instanceof Promise ? 'A promise was given: await the run.' : 'Give what `scenario`, `runScenario` or a suite\'s `runs` returned.';
  throw new LeaderfallError('E_USAGE', `expect(…).${matcher} judges the record of a run, or a list of them. ${hint}`, { hint });
}

const isRecord = (value: unknown): value is RunRecord => typeof value === 'object' && value !== null && 'judgement' in value && 'facts' in value && 'scenario' in value;

/** The run's own judgement: with what its twin showed. */
export const asJudged = (run: RunRecord): JudgedRun => ({ run, verdict: run.judgement.verdict, judgements: [run.judgement] });

export const judgedBy = (contract: Contract) => (run: RunRecord): JudgedRun => judgedByAll(run, [contract]);

/** The whole lattice of `judge` applies: gates that failed leave "nothing lost" undecided, and a proven loss a loss. */
export const judgedCount = (measure: Measure, clauses: readonly Clause[]) => (run: RunRecord): JudgedRun =>
  judgedByAll(run, clauses.map((clause) => ({ [measure]: clause })));

function judgedByAll(run: RunRecord, contracts: readonly Contract[]): JudgedRun {
  const { facts, scenario, status } = run;
  if (facts === null) return { run, verdict: 'inconclusive', judgements: [] };
  const judgements = contracts.map((contract) => judge({ scenario: { ...scenario, contract }, facts }));
  const verdict = together(judgements.map((judgement) => judgement.verdict));
  return { run, verdict: status === 'completed' ? verdict : 'inconclusive', judgements };
}

/** All must hold: one that is violated decides, one that is open leaves the whole open. */
export function together(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('violated')) return 'violated';
  return verdicts.includes('inconclusive') ? 'inconclusive' : 'upheld';
}
