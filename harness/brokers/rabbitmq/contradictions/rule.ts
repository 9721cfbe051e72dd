// What every rule sees and says. Pure.
import type { Contradiction } from '../../../model/broker.ts';
import type { Scenario } from '../../../model/scenario.ts';
import { parseDestination, parseProducerPolicy, type RabbitmqDestination, type RabbitmqProducerPolicy } from '../policy.ts';

export interface Subject {
  readonly scenario: Scenario;
  readonly queue: RabbitmqDestination;
  readonly policy: RabbitmqProducerPolicy;
}

export type Rule = (subject: Subject) => Contradiction | null;

export const subjectOf = (scenario: Scenario): Subject => ({
  scenario, queue: parseDestination(scenario.destination.settings), policy: parseProducerPolicy(scenario.producer.policy),
});

export const at = (path: string, message: string, hint: string): Contradiction => ({ path, message, hint });

/** The contradiction where it holds. */
export const when = (holds: boolean, path: string, message: string, hint: string): Contradiction | null => (holds ? at(path, message, hint) : null);

export const isMajor = (version: string, major: number): boolean => version.startsWith(`${major}.`);
