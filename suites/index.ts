// All shipped scenarios, in the order in which the demo shows them.
import type { Scenario } from '../harness/model/scenario.ts';
import { kafkaMatrix } from './kafka/matrix.ts';
import { memoryMatrix } from './memory/matrix.ts';
import { rabbitmqMatrix } from './rabbitmq/matrix.ts';

export const suites: readonly Scenario[] = [...memoryMatrix, ...kafkaMatrix, ...rabbitmqMatrix];
