// Steps, targets and triggers in words: the same in a plan, at the terminal, in the timeline and in errors. Reports take the targets, and write numbers their own way.
import type { Step, Target, Trigger } from './scenario.ts';

/** "kill the leader of partition 0 (k1)", "wait for 500 acknowledged or 2000 ms, whichever comes first". */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'wait': return `wait for ${describeTrigger(step.trigger)}`;
    case 'quiesce': return 'quiesce: producers stop, replicas reach the end of the log';
    case 'publish': return `publish exactly ${step.count}, within ${step.withinMs} ms`;
    case 'inject': return describeInject(step);
    case 'heal': return `heal ${step.id}`;
    case 'redundant': return `wait for full redundancy, within ${step.withinMs} ms`;
    case 'resume': return 'resume: producers go on';
    case 'consume': return 'consume: consumers start';
  }
}

function describeInject({ fault, id, target, parameters }: Extract<Step, { kind: 'inject' }>): string {
  const told = Object.entries(parameters).map(([name, value]) => `, ${name} ${value}`).join('');
  return `${fault} ${describeTarget(target)}${told}${id === fault ? '' : ` (${id})`}`;
}

/** "the leader of partition 0", "memory-1", "consumer 0 between processing and settling". */
export function describeTarget(target: Target): string {
  switch (target.role) {
    case 'leader': return `the leader of partition ${target.partition}`;
    case 'follower': return `a follower of partition ${target.partition}`;
    case 'replicas': return `the replicas of partition ${target.partition}`;
    case 'controller': return 'the active controller';
    case 'coordinator': return "the coordinator of the consumers' group";
    case 'random': return 'a node chosen by the seed';
    case 'all': return 'every node';
    case 'minority':
    case 'majority': return `a ${target.role} of the nodes`;
    case 'together': return target.targets.map(describeTarget).join(' and ');
    case 'node': return target.node;
    case 'client': return `${target.client} ${target.index}${target.between === null ? '' : ` between ${target.between.replace('-and-', ' and ')}`}`;
  }
}

const countWords = [['acknowledged', 'acknowledged'], ['handedOver', 'handed over'], ['delivered', 'delivered'], ['processed', 'processed'], ['attempted', 'attempted']] as const;

/** "500 acknowledged or 2000 ms, whichever comes first". */
export function describeTrigger(trigger: Trigger): string {
  const { inSyncAtMost, elapsedMs } = trigger;
  const parts = [
    ...countWords.flatMap(([measure, words]) => (trigger[measure] === undefined ? [] : [`${trigger[measure]} ${words}`])),
    ...(inSyncAtMost === undefined ? [] : [`at most ${inSyncAtMost} in sync`]),
    ...(elapsedMs === undefined ? [] : [`${elapsedMs} ms`]),
  ];
  const since = trigger.since === undefined ? '' : `, since ${trigger.since.fault} ${trigger.since.edge === 'begin' ? 'began' : 'ended'}`;
  return `${parts.join(' or ')}${parts.length > 1 ? ', whichever comes first' : ''}${since}`;
}
