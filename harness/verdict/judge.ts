// From facts to a verdict. Pure: the same facts and contract always give the same judgement.
import { demands } from '../model/clause.ts';
import type { Gate, JudgedClause, Judgement, Verdict } from '../model/contract.ts';
import type { Facts } from '../model/facts.ts';
import type { Scenario } from '../model/scenario.ts';
import { judgeClauses } from './clauses.ts';
import { gatesOf } from './gates.ts';
import { sentenceFor } from './sentence.ts';

/**
 * The lattice, from strongest to weakest:
 *
 * 1. A gate of evidence failed (`history`, `accounting`, `workers`): no count can be believed. Inconclusive.
 * 2. Something happened that must not, and its count is conclusive or a lower bound: violated, even if the fault missed.
 *    An acknowledged message that is gone is gone, whoever struck what.
 * 3. Something did not happen that must (`required`, `min`, `equals`): violated if every gate passed; otherwise the
 *    fault may have had no power, and that is inconclusive.
 * 4. A clause could not be decided, or any gate failed: inconclusive, never upheld.
 * 5. Otherwise upheld.
 *
 * @throws LeaderfallError `E_SCENARIO_INVALID` when the contract names an unknown measure.
 */
export function judge({ scenario, facts }: { readonly scenario: Scenario; readonly facts: Facts }): Judgement {
  const gates = gatesOf(scenario, facts);
  const clauses = judgeClauses(scenario, facts, gates);
  const verdict = verdictOf(clauses, gates);
  return { verdict, sentence: sentenceFor(verdict, clauses, gates, scenario, facts), clauses, gates, power: powerOf(scenario) };
}

/** Failed gates of evidence have already taken every violation back. */
function verdictOf(clauses: readonly JudgedClause[], gates: readonly Gate[]): Verdict {
  if (clauses.some(({ verdict }) => verdict === 'violated')) return 'violated';
  if (clauses.some(({ verdict }) => verdict === 'inconclusive') || gates.some(({ passed }) => !passed)) return 'inconclusive';
  return 'upheld';
}

/** Until its twin's run is known; see `applyTwins`. */
function powerOf(scenario: Scenario): Judgement['power'] {
  const { twin, name, contract, steps } = scenario;
  const baseline = steps.every(({ kind }) => kind !== 'inject');
  if (Object.values(contract).some((clause) => demands(clause))) {
    if (baseline) return { twin, state: 'is-the-twin', detail: 'no fault was injected: what showed is the policy\'s own doing' };
    return { twin, state: 'is-the-twin', detail: twin === null ? 'this run itself shows that the fault has power' : `this run shows whether the fault has power over ${twin}` };
  }
  if (baseline && twin === null) return { twin, state: 'untested', detail: 'a baseline: no fault was injected, so there is no power to show' };
  if (twin === null) return { twin, state: 'untested', detail: 'power untested: no scenario shows that this fault can do harm here' };
  return { twin, state: 'untested', detail: `power untested: its twin did not run; npx leaderfall run ${name} ${twin}` };
}
