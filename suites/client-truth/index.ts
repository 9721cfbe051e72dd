// Where client libraries tell their users something that is not so: each beside another library under the same steps.
import type { Scenario } from '../../harness/model/scenario.ts';
import { platformaticAcksInConstructor, platformaticAcksInSend } from './kafka-acks-ignored.ts';
import { kafkajsAutoCommit, platformaticAutoCommit } from './kafka-auto-commit.ts';
import { kafkajsKeyed, kafkajsKeyless, platformaticKeyless } from './kafka-keyless.ts';
import { kafkajsMultiPartition, platformaticMultiPartition } from './kafka-multi-partition.ts';
import { kafkajsSequenceReuse, kafkajsSequenceReuseConcurrent, platformaticSequenceReuse, platformaticSequenceReuseConcurrent } from './kafka-sequence-reuse.ts';
import { kafkajsSilentLeader, platformaticSilentBootstrap, platformaticSilentLeader } from './kafka-silent-leader.ts';
import { homeDown } from './rabbitmq-home-down.ts';
import { amqplibRecovery, rabbitmqClientRecovery } from './rabbitmq-recovery.ts';
import { silentNode } from './rabbitmq-silent-node.ts';

export const clientTruth: readonly Scenario[] = [
  kafkajsMultiPartition, platformaticMultiPartition,
  kafkajsSequenceReuse, platformaticSequenceReuse, kafkajsSequenceReuseConcurrent, platformaticSequenceReuseConcurrent,
  kafkajsKeyless, platformaticKeyless, kafkajsKeyed,
  kafkajsSilentLeader, platformaticSilentLeader, platformaticSilentBootstrap,
  platformaticAcksInConstructor, platformaticAcksInSend,
  platformaticAutoCommit, kafkajsAutoCommit,
  ...homeDown, amqplibRecovery, rabbitmqClientRecovery, ...silentNode,
];
