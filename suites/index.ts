// All shipped scenarios, in the order in which the demo shows them.
import type { Scenario } from '../harness/model/scenario.ts';
import { acksAllBehind, acksOneBehind } from './kafka/leader-kill-behind.ts';
import { leaderKill } from './kafka/leader-kill.ts';
import { answerAfterProcessing, answerOnAccept } from './memory/crash.ts';
import { confirmsHomeKill, noConfirmsHomeKill } from './rabbitmq/home-node-kill.ts';
import { quorumLeaderKill } from './rabbitmq/quorum-leader-kill.ts';

export const suites: readonly Scenario[] = [
  answerOnAccept, answerAfterProcessing,
  leaderKill, acksOneBehind, acksAllBehind,
  quorumLeaderKill, noConfirmsHomeKill, confirmsHomeKill,
];
