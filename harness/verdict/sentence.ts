// One sentence that names what happened, its cause and its time, for the head of a report and a line of a terminal.
import { asksForTheExposed, demands } from '../model/clause.ts';
import type { Gate, JudgedClause, Verdict } from '../model/contract.ts';
import type { Cause, Facts, FaultFact } from '../model/facts.ts';
import type { Scenario } from '../model/scenario.ts';
import { deedAndTime, describeFault, formatCount, formatSeconds, hasDeed, measureWords, messages, ofBase } from './words.ts';

export function sentenceFor(verdict: Verdict, clauses: readonly JudgedClause[], gates: readonly Gate[], scenario: Scenario, facts: Facts): string {
  switch (verdict) {
    case 'violated': return violated(clauses, scenario, facts);
    case 'inconclusive': return inconclusive(clauses, gates, facts);
    case 'upheld': return upheld(clauses, scenario, facts);
  }
}

/** The gravest first: losses, then whatever else the contract names. */
function violated(clauses: readonly JudgedClause[], scenario: Scenario, facts: Facts): string {
  const broken = clauses.filter(({ verdict }) => verdict === 'violated');
  const worst = broken[0]!;
  const others = broken.slice(1).map(({ measure, actual, expected }) => `${actual} ${measureWords[measure]} (${expected})`);
  const also = others.length === 0 ? '' : ` Also: ${others.join('; ')}.`;
  return `${violation(worst, scenario, facts)}${also}`;
}

function violation(clause: JudgedClause, scenario: Scenario, facts: Facts): string {
  const { measure, expected, actual, reason } = clause;
  if (demands(clause.clause) && !(measure === 'lost' && facts.accounting.lost > 0)) {
    return `${unshown(clause, facts)}: ${facts.faults.length === 0 ? 'no fault was injected' : struck(scenario, facts)}.`;
  }
  if (measure === 'lost') return `${ofBase(facts.accounting.lost, facts.accounting.base)} lost${differing(clause)}: ${circumstances(scenario, facts)}.`;
  if (measure === 'unavailableMs') return `Unavailable for ${actual} ms (${expected}): ${struck(scenario, facts)}.`;
  const count = facts.measures.find((fact) => fact.measure === measure)!.count;
  return `${messages(count)} ${measureWords[measure]} (${expected}${demands(clause.clause) ? `; ${reason}` : ''}): ${struck(scenario, facts)}.`;
}

/** What had to happen and did not, or not as it must. */
function unshown({ measure, clause, expected }: JudgedClause, { exposedSet: { exposed }, measures }: Facts): string {
  if (measure === 'lost') return `Nothing was lost, although ${asksForTheExposed(clause) ? `all of the ${formatCount(exposed)} exposed` : clause === 'required' ? 'some' : expected} had to be`;
  const { count } = measures.find((fact) => fact.measure === measure)!;
  const seen = measure === 'unavailableMs' ? formatCount(count) : messages(count);
  return `${count === 0 ? 'Nothing showed that must' : 'Not what had to show'}: ${seen} ${measureWords[measure]}, although ${clause === 'required' ? 'some' : expected} had to be`;
}

const differing = ({ clause, reason }: JudgedClause): string => (demands(clause) && reason !== null ? ` (${reason})` : '');

/** "every one was acknowledged between 12.1 s and 12.9 s while replication of kafka-1 was cut, and kafka-1 was killed at 13.0 s". */
function circumstances(scenario: Scenario, facts: Facts): string {
  const { lostBetweenMs: between, accounting: { base, lost } } = facts;
  if (between === undefined) return `${struck(scenario, facts)}${causes(scenario, facts)}`;
  const from = formatSeconds(between.from);
  const to = formatSeconds(between.to);
  const cut = facts.faults.find((fault) => fault.fault === 'replication-cut' && (fault.struckMs ?? Infinity) <= between.from && (fault.healedMs ?? Infinity) >= between.to);
  const when = from === to ? `at ${from}` : `between ${from} and ${to}`;
  const whileCut = cut === undefined ? '' : ` while replication of ${cut.nodes.join(', ')} was cut`;
  const others = facts.faults.filter((fault) => fault !== cut);
  const strikes = others.length === 0 ? '' : `, and ${listed(others, scenario, facts)}`;
  return `${lost === 1 ? 'it was' : 'every one was'} ${base} ${when}${whileCut}${strikes}${causes(scenario, facts)}`;
}

const causeWords = (scenario: Scenario, { faults, accounting: { base, lost } }: Facts): Readonly<Record<Cause, string>> => ({
  client: 'the client library claimed success without a valid receipt, or committed what it had given to nobody',
  broker: base === 'handed over' ? 'the broker forgot what it had taken' : lost === 1 ? 'the broker had acknowledged it and lost it' : 'the broker had acknowledged them and lost them',
  consumer: consumersDeed(scenario, faults.length === 0),
  policy: 'dropped by the configured policy',
  undecided: base === 'handed over' ? 'cause undecided, for no acknowledgement says whether the broker ever had them' : 'cause undecided',
});

/** Only where there was nothing else that a consumer could have done. */
function consumersDeed({ consumer: { refuse, policy } }: Scenario, calm: boolean): string {
  if (calm && refuse?.requeue === false) return 'rejected by the consumer';
  return policy['autoOffsetReset'] === 'latest' ? 'settled, or passed over, before their handler finished' : 'settled before their handler finished';
}

/** Who lost them; with several causes how many each. */
function causes(scenario: Scenario, facts: Facts): string {
  const { attribution, accounting: { lost } } = facts;
  const deeds = causeWords(scenario, facts);
  const shares = (Object.keys(deeds) as Cause[]).filter((cause) => attribution[cause] > 0);
  const words = shares.map((cause) => (attribution[cause] === lost ? deeds[cause] : `${formatCount(attribution[cause])}: ${deeds[cause]}`));
  return words.length === 0 ? '' : ` (${words.join('; ')})`;
}

function upheld(clauses: readonly JudgedClause[], scenario: Scenario, facts: Facts): string {
  const { baseCount, base, lost } = facts.accounting;
  const shown = clauses.filter(({ clause }) => demands(clause));
  if (shown.some(({ measure }) => measure === 'lost')) {
    return `Lost as it must: ${formatCount(lost)} of ${ofBase(baseCount, base)}${exposedPart(facts)}; ${circumstances(scenario, facts)}.`;
  }
  if (shown.length > 0) return `It showed as it must: ${shown.map(shownAs).join('; ')}${facts.faults.length === 0 ? ', ' : '; '}${struck(scenario, facts)}.`;
  if (lost > 0) return `As allowed, ${formatCount(lost)} of ${ofBase(baseCount, base)} lost: ${circumstances(scenario, facts)}.`;
  const aside = facts.accounting.deadLettered;
  const put = aside === 0 ? '' : `, ${formatCount(aside)} of them in a dead-letter target`;
  const comma = aside > 0 && facts.faults.length > 0 ? ',' : '';
  return `Nothing lost: ${ofBase(baseCount, base)} all accounted for${put}${comma}${although(scenario, facts)}.`;
}

/** The first says what is counted. */
function shownAs({ measure, actual }: JudgedClause, index: number): string {
  const noun = index > 0 || measure === 'unavailableMs' ? '' : ` ${actual === '1' ? 'message' : 'messages'}`;
  return `${actual}${noun} ${measureWords[measure]}`;
}

function exposedPart({ exposedSet: { exposed, lostAndExposed, lostNotExposed } }: Facts): string {
  if (lostNotExposed === 0 && lostAndExposed === exposed) return ', exactly the exposed';
  if (exposed > 0 && lostAndExposed === exposed) return `, all ${formatCount(exposed)} exposed among them`;
  return exposed === 0 ? '' : ` (${formatCount(lostAndExposed)} of the ${formatCount(exposed)} exposed)`;
}

function although(scenario: Scenario, facts: Facts): string {
  if (facts.faults.length === 0) return '';
  const { exposed } = facts.exposedSet;
  return ` although ${listed(facts.faults, scenario, facts)}${exposed === 0 ? '' : ` with ${messages(exposed)} exposed`}`;
}

const struck = (scenario: Scenario, facts: Facts): string => (facts.faults.length === 0 ? 'without any fault' : listed(facts.faults, scenario, facts));

/** All of a few, the first of many. */
function listed(faults: readonly FaultFact[], scenario: Scenario, facts: Facts): string {
  const mostNamed = 3;
  const named = faults.slice(0, mostNamed).map((fault, index) => (isAlso(fault, faults[index - 1]) ? deedAndTime(fault) : describeFault(fault, scenario, facts)));
  const rest = faults.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} more faults struck`] : [])].join(' and ');
}

/** Something else done to the victim that was named just before: `was paused at 5.9 s and killed at 8.9 s`. */
const isAlso = (fault: FaultFact, before: FaultFact | undefined): boolean =>
  before !== undefined && fault.fault !== before.fault && [fault, before].every((each) => hasDeed(each.fault)) && fault.nodes.join() === before.nodes.join();

/** The gate that failed says more than the clauses that it took down. */
function inconclusive(clauses: readonly JudgedClause[], gates: readonly Gate[], { accounting: { unseen } }: Facts): string {
  const failed = gates.filter(({ passed }) => !passed);
  const open = clauses.filter(({ verdict }) => verdict === 'inconclusive');
  const missing = unseen === 0 ? '' : `, so ${messages(unseen)} ${unseen === 1 ? 'is' : 'are'} unaccounted for`;
  if (failed.length > 0) return `Inconclusive: ${failed.map(({ name, detail }) => `gate ${name} failed (${detail})`).join('; ')}${missing}.`;
  return `Inconclusive: ${open.map(({ measure, reason }) => `${measure}: ${reason}`).join('; ')}${missing}.`;
}
