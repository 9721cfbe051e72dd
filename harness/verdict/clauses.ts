// One clause against one count. Three-valued: a bound decides only what it can.
import { measures, type Clause, type Contract, type Gate, type JudgedClause, type Measure, type Verdict } from '../model/contract.ts';
import { LeaderfallError } from '../model/errors.ts';
import type { ExposedSet, Facts, MeasureFact } from '../model/facts.ts';
import { evidenceGates } from './gates.ts';
import { formatCount } from './words.ts';

interface Ruling {
  readonly verdict: Verdict;
  readonly reason: string | null;
  /** The shortfall of something that had to happen; only a fault that struck can be blamed for it. */
  readonly unmet?: boolean;
}

const upheld: Ruling = { verdict: 'upheld', reason: null };

/**
 * In the order of `measures`.
 * @throws LeaderfallError `E_SCENARIO_INVALID` for a measure that does not exist.
 */
export function judgeClauses(contract: Contract, facts: Facts, gates: readonly Gate[]): readonly JudgedClause[] {
  const unknown = Object.keys(contract).find((measure) => !(measures as readonly string[]).includes(measure));
  if (unknown !== undefined) {
    throw new LeaderfallError('E_SCENARIO_INVALID', `A contract has no measure ${JSON.stringify(unknown)}`, { hint: `Measures are ${measures.join(', ')}.` });
  }
  return measures.flatMap((measure) => {
    const clause = contract[measure];
    return clause === undefined ? [] : [judgeClause(measure, clause, facts, gates)];
  });
}

function judgeClause(measure: Measure, clause: Clause, facts: Facts, gates: readonly Gate[]): JudgedClause {
  const fact = facts.measures.find((candidate) => candidate.measure === measure)!;
  const { verdict, reason } = doubt(rule(fact, clause, facts), gates);
  return { measure, clause, expected: describeClause(clause), actual: describeActual(fact, clause, facts.exposedSet), verdict, reason };
}

/** What failed gates leave of a violation; see `judge` for the lattice. */
function doubt(ruling: Ruling, gates: readonly Gate[]): Ruling {
  if (ruling.verdict !== 'violated') return ruling;
  const failed = gates.filter(({ passed, name }) => !passed && (ruling.unmet === true || evidenceGates.has(name)));
  if (failed.length === 0) return ruling;
  return { verdict: 'inconclusive', reason: `${ruling.reason}, but that cannot be believed: gate ${failed.map(({ name }) => name).join(', ')} failed` };
}

function rule(fact: MeasureFact, clause: Clause, facts: Facts): Ruling {
  if (clause === 'allowed') return upheld;
  if (clause === 'forbidden') return atMost(fact, 0);
  if (clause === 'required') return atLeast(causedByFaults(fact, facts), 1);
  if ('max' in clause) return atMost(fact, clause.max);
  if ('min' in clause) return atLeast(causedByFaults(fact, facts), clause.min);
  if (clause.equals === 'exposed') return exactlyExposed(fact, facts.exposedSet);
  const low = atLeast(fact, clause.equals);
  return low.verdict === 'violated' ? low : worse(low, atMost(fact, clause.equals));
}

/** More than the bound is too many however incomplete the count; less may only look so. */
function atMost(fact: MeasureFact, max: number): Ruling {
  if (fact.count > max && (fact.conclusive || fact.atLeast === true)) return { verdict: 'violated', reason: `${formatCount(fact.count)} where at most ${formatCount(max)} may be` };
  return fact.conclusive ? upheld : { verdict: 'inconclusive', reason: because(fact) };
}

/** Enough is enough however incomplete the count; too few may only look so. */
function atLeast(fact: MeasureFact, min: number): Ruling {
  if (fact.count >= min && (fact.conclusive || fact.atLeast === true)) return upheld;
  if (!fact.conclusive) return { verdict: 'inconclusive', reason: because(fact) };
  return { verdict: 'violated', reason: `${formatCount(fact.count)} where at least ${formatCount(min)} must be`, unmet: true };
}

/** A loss that has to happen has to be the fault's doing: one that the fault could not touch shows no power. */
function causedByFaults(fact: MeasureFact, { exposedSet, faults }: Facts): MeasureFact {
  const struck = faults.some(({ exposure }) => exposure !== null);
  return fact.measure === 'lost' && struck ? { ...fact, count: exposedSet.lostAndExposed } : fact;
}

/** Sets, not sums: as many as were exposed is not enough if they are others. */
function exactlyExposed(fact: MeasureFact, { exposed, lostNotExposed, exposedNotLost }: ExposedSet): Ruling {
  if (fact.measure !== 'lost') return { verdict: 'inconclusive', reason: 'only the lost are compared with the exposed' };
  if (!fact.conclusive) return { verdict: 'inconclusive', reason: because(fact) };
  if (exposed === 0) return { verdict: 'inconclusive', reason: 'nothing was exposed' };
  const differences = [
    ...(lostNotExposed > 0 ? [`${formatCount(lostNotExposed)} lost that were not exposed`] : []),
    ...(exposedNotLost > 0 ? [`${formatCount(exposedNotLost)} exposed that were not lost`] : []),
  ];
  return differences.length === 0 ? upheld : { verdict: 'violated', reason: differences.join(', '), unmet: true };
}

const because = ({ reasons }: MeasureFact): string => reasons.join('; ') || 'the count is not conclusive';
const order: readonly Verdict[] = ['upheld', 'inconclusive', 'violated'];
const worse = (a: Ruling, b: Ruling): Ruling => (order.indexOf(a.verdict) >= order.indexOf(b.verdict) ? a : b);

export function describeClause(clause: Clause): string {
  if (typeof clause === 'string') return clause;
  if ('max' in clause) return `at most ${formatCount(clause.max)}`;
  if ('min' in clause) return `at least ${formatCount(clause.min)}`;
  return clause.equals === 'exposed' ? 'exactly the exposed' : `exactly ${formatCount(clause.equals)}`;
}

function describeActual({ measure, count, conclusive, atLeast: more }: MeasureFact, clause: Clause, set: ExposedSet): string {
  if (measure === 'lost' && typeof clause === 'object' && 'equals' in clause && clause.equals === 'exposed') return compareWithExposed(count, set);
  if (conclusive) return formatCount(count);
  return more === true ? `at least ${formatCount(count)}` : `${formatCount(count)}, not conclusive`;
}

function compareWithExposed(count: number, { exposed, lostAndExposed, lostNotExposed, exposedNotLost }: ExposedSet): string {
  if (lostNotExposed === 0 && exposedNotLost === 0) return `${formatCount(count)} (all exposed, and all of the exposed)`;
  return `${formatCount(count)} (${formatCount(lostAndExposed)} of ${formatCount(exposed)} exposed)`;
}

/** Whether a clause asks for something to happen: the unsafe side of a pair of twins. */
export const demands = (clause: Clause): boolean =>
  clause === 'required' || (typeof clause === 'object' && (('min' in clause && clause.min > 0) || ('equals' in clause && clause.equals !== 0)));
