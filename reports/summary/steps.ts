// A scenario's steps in words: what was done to the cluster, in order.
import { describeTarget } from '../../harness/model/describe-step.ts';
import type { FaultName, FaultParameters, Step, Trigger } from '../../harness/model/scenario.ts';
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

/** ", times 21": numbers that the fault was told. */
function describeParameters(parameters: FaultParameters): string {
  return Object.entries(parameters).map(([name, value]) => `, ${name} ${formatCount(value)}`).join('');
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
