// Policies that RabbitMQ refuses or that would not mean what they say, found before anything starts. Pure.
import type { Contradiction } from '../../../model/broker.ts';
import type { Scenario } from '../../../model/scenario.ts';
import { clientRules } from './clients.ts';
import { clusterRules, unknownVersion } from './cluster.ts';
import { contractRules } from './contracts.ts';
import { mirrorRules } from './mirrors.ts';
import { queueRules } from './queues.ts';
import { subjectOf } from './rule.ts';
import { streamRules } from './streams.ts';

/** Every contradiction in the scenario, in a fixed order; none where it can run. */
export function findContradictions(scenario: Scenario, versions: readonly string[]): readonly Contradiction[] {
  const subject = subjectOf(scenario);
  return [unknownVersion(versions), ...clusterRules, ...queueRules, ...mirrorRules, ...streamRules, ...clientRules, ...contractRules].flatMap((rule) => rule(subject) ?? []);
}
