// One clause against one count. Three-valued: a bound decides only what it can.
import { asksForTheExposed, describeClause } from '../model/clause.ts';
import { measures, type Clause, type Gate, type JudgedClause, type Measure, type Verdict } from '../model/contract.ts';
import { LeaderfallError } from '../model/errors.ts';
import type { ExposedSet, Facts, MeasureFact } from '../model/facts.ts';
import type { Scenario, Step } from '../model/scenario.ts';
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
export function judgeClauses({ contract, steps }: Pick<Scenario, 'contract' | 'steps'>, facts: Facts, gates: readonly Gate[]): readonly JudgedClause[] {
  const unknown = Object.keys(contract).find((measure) => !(measures as readonly string[]).includes(measure));
  if (unknown !== undefined) {
    throw new LeaderfallError('E_SCENARIO_INVALID', `A contract has no measure ${JSON.stringify(unknown)}`, { hint: `Measures are ${measures.join(', ')}.` });
  }
  return measures.flatMap((measure) => {
    const clause = contract[measure];
    return clause === undefined ? [] : [judgeClause({ measure, clause, steps }, facts, gates)];
  });
}

function judgeClause({ measure, clause, steps }: { readonly measure: Measure; readonly clause: Clause; readonly steps: readonly Step[] }, facts: Facts, gates: readonly Gate[]): JudgedClause {
  const fact = facts.measures.find((candidate) => candidate.measure === measure)!;
  const ruling = asksForTheExposed(clause) && nothingTaken(steps, facts) ? untaken : rule(fact, clause, facts);
  const { verdict, reason } = doubt(ruling, gates);
  return { measure, clause, expected: describeClause(clause, formatCount), actual: describeActual(fact, clause, facts.exposedSet), verdict, reason };
}

const untaken: Ruling = { verdict: 'inconclusive', reason: 'nothing of the closed publish was accepted before the fault struck, so that there is no exact set' };

/** A closed publish was to be the set, and a fault struck a node after it; what was exposed instead is whatever else was under way, which no policy promises to lose. */
function nothingTaken(steps: readonly Step[], { faults }: Facts): boolean {
  const published = steps.findIndex(({ kind }) => kind === 'publish');
  const later = steps.flatMap((step, index) => (published !== -1 && index > published && step.kind === 'inject' ? [step.id] : []));
  const exposures = faults.flatMap(({ id, strikes, exposure }) => (strikes === 'node' && exposure !== null && later.includes(id) ? [exposure] : []));
  return exposures.length > 0 && faults.every(({ exposure }) => exposure?.kind !== 'closed');
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

function describeActual({ measure, count, conclusive, atLeast: more }: MeasureFact, clause: Clause, set: ExposedSet): string {
  if (measure === 'lost' && asksForTheExposed(clause)) return compareWithExposed(count, set);
  if (conclusive) return formatCount(count);
  return more === true ? `at least ${formatCount(count)}` : `${formatCount(count)}, not conclusive`;
}

function compareWithExposed(count: number, { exposed, lostAndExposed, lostNotExposed, exposedNotLost }: ExposedSet): string {
  if (lostNotExposed === 0 && exposedNotLost === 0) return `${formatCount(count)} (all exposed, and all of the exposed)`;
  return `${formatCount(count)} (${formatCount(lostAndExposed)} of ${formatCount(exposed)} exposed)`;
}
