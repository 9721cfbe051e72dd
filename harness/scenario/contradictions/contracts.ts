// Clauses that no run can decide, or that no run can fulfil: found before anything starts.
import { asksForTheExposed, demands } from '../../model/clause.ts';
import type { BrokerSpec } from '../../model/broker.ts';
import type { Clause, Measure } from '../../model/contract.ts';
import { inapplicable } from '../../model/inapplicable.ts';
import type { Scenario } from '../../model/scenario.ts';
import type { Problem } from '../problem.ts';
import { contradiction } from './contradiction.ts';

export function hopelessContract(scenario: Scenario, spec: BrokerSpec): readonly Problem[] {
  return (Object.entries(scenario.contract) as [Measure, Clause][]).flatMap(([measure, clause]) => {
    const found = powerless(measure, clause, scenario) ?? undecidable(measure, clause, scenario, spec) ?? unfulfillable(measure, clause, scenario);
    return found === null ? [] : [contradiction(['contract', measure], ...found)];
  });
}

type Words = readonly [message: string, hint: string];

/** Asking for an effect of faults where there is none, or of which only losses are known by their ids. A baseline without faults may ask for anything else. */
function powerless(measure: Measure, clause: Clause, { steps }: Scenario): Words | null {
  if (!asksForTheExposed(clause)) return null;
  if (steps.every(({ kind }) => kind !== 'inject')) return ['nothing is ever exposed: no step injects a fault', 'Add an inject step, or state a number.'];
  return measure === 'lost' ? null : ['only the lost are compared with the exposed', 'State a number, or required.'];
}

function undecidable(measure: Measure, clause: Clause, { destination, producer }: Scenario, spec: BrokerSpec): Words | null {
  if (measure === 'unavailableMs' && clause !== 'allowed' && !spec.acknowledges(producer)) {
    return ['can never be decided: the producer has no acknowledgements, so that no answer tells whether anybody was there', 'Let the producer wait for them, or take it out.'];
  }
  const found = inapplicable[measure];
  if (found === undefined || clause === 'allowed' || found.store !== spec.storeKind(destination)) return null;
  return [`can never be decided: ${found.because}`, 'Take it out.'];
}

type Unfulfillable = (scenario: Scenario) => Words | null;

/** What a scenario would need for a measure ever to count one. A user's own program repeats and settles as it likes, so it is not asked. */
const needs: Partial<Record<Measure, Unfulfillable>> = {
  /** Read from the target that the destination names, and from nowhere else. */
  deadLettered: ({ destination: { settings } }) => ((settings['deadLetter'] ?? null) !== null
    ? null : ['never holds: the destination has no dead-letter target', 'On a queue of RabbitMQ set destination.deadLetter; elsewhere take it out.']),
  republished: ({ producer }) => (producer.resend !== 'never' || producer.driver === 'program'
    ? null : ["never holds: with resend 'never' nobody publishes a message again", "Set producer.resend to 'unknown', or ask for copies, which the library's own retries make."]),
  settledUnprocessed: ({ consumer }) => (consumer.settle !== 'after-processing' || consumer.driver === 'program'
    ? null : ["never holds: with settle 'after-processing' nothing is settled before it is processed", "Set consumer.settle to 'before-processing' or 'automatic', or forbid it."]),
};

function unfulfillable(measure: Measure, clause: Clause, scenario: Scenario): Words | null {
  return demands(clause) ? (needs[measure]?.(scenario) ?? null) : null;
}
