// A scenario's steps in words: what was done to the cluster, in order.
import type { Step, Target, Trigger } from '../../harness/model/scenario.ts';
import { formatCount, formatDuration, plural } from './format.ts';

export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'wait': return `wait for ${describeTrigger(step.trigger)}`;
    case 'quiesce': return 'pause the producers until nothing is in flight and every replica is at the log’s end';
    case 'publish': return `publish exactly ${plural(step.count, 'message')}, within ${formatDuration(step.withinMs)}`;
    case 'inject': return `${faultWords[step.fault] ?? step.fault} ${describeTarget(step.target)} (${step.id})`;
    case 'heal': return `heal ${step.id}`;
    case 'resume': return 'let the producers go on';
  }
}

const faultWords: Readonly<Record<string, string>> = {
  kill: 'kill (SIGKILL)', stop: 'stop (SIGTERM)', pause: 'freeze', 'replication-cut': 'cut replication around',
};

function describeTarget(target: Target): string {
  switch (target.role) {
    case 'leader': return `the leader of partition ${target.partition}`;
    case 'follower': return `a follower of partition ${target.partition}`;
    case 'controller': return 'the controller';
    case 'node': return target.node;
  }
}

/** "20 000 acknowledged or 30.0 s". */
export function describeTrigger(trigger: Trigger): string {
  const counts = [
    [trigger.acknowledged, 'acknowledged'], [trigger.handedOver, 'handed over'],
    [trigger.delivered, 'delivered'], [trigger.attempted, 'attempted'],
  ] as const;
  const words = counts.flatMap(([count, word]) => (count === undefined ? [] : [`${formatCount(count)} ${word}`]));
  return [...words, ...(trigger.elapsedMs === undefined ? [] : [formatDuration(trigger.elapsedMs)])].join(' or ');
}
