// A scenario's steps in words: what was done to the cluster, in order.
import type { CrashPoint, FaultName, FaultParameters, Step, Target, Trigger } from '../../harness/model/scenario.ts';
import { formatCount, formatDuration, plural } from './format.ts';

export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'wait': return `wait for ${describeTrigger(step.trigger)}`;
    case 'quiesce': return 'pause the producers until nothing is in flight and every replica is at the log’s end';
    case 'publish': return `publish exactly ${plural(step.count, 'message')}, within ${formatDuration(step.withinMs)}`;
    case 'inject': return `${faultWords[step.fault]} ${describeTarget(step.target)}${describeParameters(step.parameters)} (${step.id})`;
    case 'heal': return `heal ${step.id}`;
    case 'resume': return 'let the producers go on';
    case 'consume': return 'start the consumers';
  }
}

const faultWords: Readonly<Record<FaultName, string>> = {
  kill: 'kill (SIGKILL)', stop: 'stop (SIGTERM)', pause: 'freeze', 'replication-cut': 'cut replication around', stall: 'hold up the handlers of', 'crash-loop': 'kill again and again',
};

const crashWords: Readonly<Record<CrashPoint, string>> = {
  'processing-and-settling': 'after a message was processed, before it is settled',
  'settling-and-processing': 'after a message was settled, before it is processed',
};

/** ", times 21": numbers that the fault was told. */
function describeParameters(parameters: FaultParameters): string {
  return Object.entries(parameters).map(([name, value]) => `, ${name} ${formatCount(value)}`).join('');
}

function describeTarget(target: Target): string {
  switch (target.role) {
    case 'leader': return `the leader of partition ${target.partition}`;
    case 'follower': return `a follower of partition ${target.partition}`;
    case 'controller': return 'the controller';
    case 'client': return `${target.client}-${target.index}${target.between === null ? '' : `, ${crashWords[target.between]}`}`;
    case 'node': return target.node;
  }
}

/** "20 000 acknowledged or 30.0 s". */
export function describeTrigger(trigger: Trigger): string {
  const counts = [
    [trigger.acknowledged, 'acknowledged'], [trigger.handedOver, 'handed over'],
    [trigger.delivered, 'delivered'], [trigger.processed, 'processed'], [trigger.attempted, 'attempted'],
  ] as const;
  const words = counts.flatMap(([count, word]) => (count === undefined ? [] : [`${formatCount(count)} ${word}`]));
  const inSync = trigger.inSyncAtMost === undefined ? [] : [`at most ${plural(trigger.inSyncAtMost, 'replica')} in sync`];
  return [...words, ...inSync, ...(trigger.elapsedMs === undefined ? [] : [formatDuration(trigger.elapsedMs)])].join(' or ');
}
