// All shipped scenarios, in the order in which the demo shows them.
import { familiesOf } from '../harness/model/fault-parameters.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { withTags } from '../harness/scenario/compile-scenario.ts';
import { clientTruth } from './client-truth/index.ts';
import { asksForHarm } from './contracts.ts';
import { kafkaMatrix } from './kafka/matrix.ts';
import { memoryMatrix } from './memory/matrix.ts';
import { rabbitmqMatrix } from './rabbitmq/matrix.ts';
import { mirroredAutoheal, mirroredPauseMinority, partitionBaselines } from './rabbitmq/mirrored-partition.ts';
import { mirroredAlways, mirroredBaselines, mirroredWhenSynced } from './rabbitmq/mirrored-unsynchronised.ts';

/** `--tag chaos`, and `--tag` with a family of faults: what is injected says it, not a list that somebody keeps. A broker's own policy is not injected. */
function taggedByFaults(scenario: Scenario): Scenario {
  const families = familiesOf(scenario);
  return families.length === 0 ? scenario : withTags(scenario, ['chaos', ...families]);
}

const withBrokers = [...kafkaMatrix, ...rabbitmqMatrix, ...mirroredBaselines, mirroredAlways, mirroredWhenSynced, ...partitionBaselines, mirroredAutoheal, mirroredPauseMinority].map(taggedByFaults);

/** What must show a harm is the unsafe side of something, wherever it stands. */
const taggedByContract = (scenario: Scenario): Scenario => (asksForHarm(scenario.contract) ? withTags(scenario, ['negative']) : scenario);

export const suites: readonly Scenario[] = [...memoryMatrix, ...withBrokers, ...clientTruth].map(taggedByContract);
