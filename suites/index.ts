// All shipped scenarios, in the order in which the demo shows them.
import type { Scenario } from '../harness/model/scenario.ts';
import { kafkaMatrix } from './kafka/matrix.ts';
import { answerAfterProcessing, answerOnAccept } from './memory/crash.ts';
import { rabbitmqMatrix } from './rabbitmq/matrix.ts';

export const suites: readonly Scenario[] = [answerOnAccept, answerAfterProcessing, ...kafkaMatrix, ...rabbitmqMatrix];
