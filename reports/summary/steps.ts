// A scenario's steps in words: what was done to the cluster, in order.
import { describeTarget } from '../../harness/model/describe-step.ts';
import { orderOf } from '../../harness/model/fault-parameters.ts';
import type { FaultParameters, Step, Trigger } from '../../harness/model/scenario.ts';
import { formatCount, formatDuration, plural } from './format.ts';

export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'wait': return `wait for ${describeTrigger(step.trigger)}`;
    case 'quiesce': return 'pause the producers until nothing is in flight and every replica is at the log’s end';
    case 'publish': return `publish exactly ${plural(step.count, 'message')}, within ${formatDuration(step.withinMs)}`;
    case 'inject': return `${orderOf(step.fault, describeTarget(step.target))}${describeParameters(step.parameters)} (${step.id})`;
    case 'heal': return `heal ${step.id}`;
    case 'redundant': return `wait for full redundancy, within ${formatDuration(step.withinMs)}`;
    case 'resume': return 'let the producers go on';
    case 'consume': return 'start the consumers';
  }
}

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
  const { since } = trigger;
  const inSync = trigger.inSyncAtMost === undefined ? [] : [`at most ${plural(trigger.inSyncAtMost, 'replica')} in sync`];
  return [...words, ...inSync, ...(trigger.elapsedMs === undefined ? [] : [formatDuration(trigger.elapsedMs)])].join(' or ') + (since === undefined ? '' : `, since ${since.fault} ${since.edge === 'begin' ? 'began' : 'ended'}`);
}
