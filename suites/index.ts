// All shipped scenarios, in the order in which the demo shows them.
import type { Scenario } from '../harness/model/scenario.ts';
import { clientTruth } from './client-truth/index.ts';
import { kafkaMatrix } from './kafka/matrix.ts';
import { memoryMatrix } from './memory/matrix.ts';
import { rabbitmqMatrix } from './rabbitmq/matrix.ts';
import { mirroredAutoheal, mirroredPauseMinority } from './rabbitmq/mirrored-partition.ts';
import { mirroredAlways, mirroredWhenSynced } from './rabbitmq/mirrored-unsynchronised.ts';

export const suites: readonly Scenario[] = [...memoryMatrix, ...kafkaMatrix, ...rabbitmqMatrix, mirroredAlways, mirroredWhenSynced, mirroredAutoheal, mirroredPauseMinority, ...clientTruth];
