// A plan in words, for `--dry-run` and for reviews.
import type { Clause } from '../model/contract.ts';
import type { Plan, Scenario, Step, Target, Trigger } from '../model/scenario.ts';

/** Several lines, without colour. */
export function describePlan({ scenario, seed }: Plan): string {
  const { cluster, destination, producer, consumer } = scenario;
  const lines: readonly (readonly [string, string])[] = [
    ['seed', seed],
    ['cluster', `${cluster.broker} ${cluster.version}, ${plural(cluster.nodes, 'node')}${settingsOf({ ...cluster.properties, ...present(cluster.defects) })}${cluster.file === null ? '' : `, with ${cluster.file.path}`}`],
    ['destination', `${plural(destination.partitions, 'partition')}${settingsOf(destination.settings)}`],
    ['producer', `${producer.count} × ${producer.driver}, ${producer.inFlight} in flight, ${rateOf(producer)}, resend ${producer.resend}${settingsOf(producer.policy)}`],
    ['consumer', `${consumer.count} × ${consumer.driver}, from ${consumer.start}, settle ${consumer.settle}, prefetch ${consumer.prefetch}, handler ${consumer.handlerMs} ms${settingsOf(consumer.policy)}`],
    ['steady', describeTrigger(scenario.steady)],
    ...scenario.steps.map((step, index) => [`step ${index + 1}`, describeStep(step)] as const),
    ['contract', Object.entries(scenario.contract).map(([measure, clause]) => `${measure} ${describeClause(clause)}`).join(', ')],
    ['twin', scenario.twin ?? 'none: its power is untested'],
  ];
  return [`${scenario.name}: ${scenario.title}`, ...lines.map(([label, text]) => `  ${label.padEnd(12)}${text}`)].join('\n');
}

/** Defects that are switched on. */
const present = (defects: Scenario['cluster']['defects']): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(defects).filter(([, value]) => Boolean(value)));

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const rateOf = ({ ratePerSecond, batch }: Scenario['producer']): string =>
  `${ratePerSecond === null ? 'flat out' : `${ratePerSecond} messages/s`}${batch === 1 ? '' : ` in batches of ${batch}`}`;

function settingsOf(settings: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(settings).filter(([, value]) => !(typeof value === 'object' && value !== null && Object.keys(value).length === 0));
  return shown.map(([key, value]) => `, ${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join('');
}

/** "500 acknowledged or 2000 ms, whichever comes first". */
function describeTrigger(trigger: Trigger): string {
  const parts = [
    ...([['acknowledged', trigger.acknowledged], ['handed over', trigger.handedOver], ['delivered', trigger.delivered], ['attempted', trigger.attempted]] as const).flatMap(([word, count]) => (count === undefined ? [] : [`${count} ${word}`])),
    ...(trigger.elapsedMs === undefined ? [] : [`${trigger.elapsedMs} ms`]),
  ];
  return parts.length > 1 ? `${parts.join(' or ')}, whichever comes first` : parts.join('');
}

/** "kill the leader of partition 0 (k1)". */
function describeStep(step: Step): string {
  switch (step.kind) {
    case 'wait': return `wait for ${describeTrigger(step.trigger)}`;
    case 'quiesce': return 'quiesce: producers stop, replicas reach the end of the log';
    case 'publish': return `publish exactly ${step.count}, within ${step.withinMs} ms`;
    case 'inject': return `${step.fault} ${describeTarget(step.target)}${step.id === step.fault ? '' : ` (${step.id})`}`;
    case 'heal': return `heal ${step.id}`;
    case 'resume': return 'resume: producers go on';
  }
}

function describeTarget(target: Target): string {
  switch (target.role) {
    case 'leader': return `the leader of partition ${target.partition}`;
    case 'follower': return `a follower of partition ${target.partition}`;
    case 'controller': return 'the active controller';
    case 'node': return target.node;
  }
}

/** "forbidden", "at most 12", "exactly the exposed". */
function describeClause(clause: Clause): string {
  if (typeof clause === 'string') return clause;
  if ('max' in clause) return `at most ${clause.max}`;
  if ('min' in clause) return `at least ${clause.min}`;
  return clause.equals === 'exposed' ? 'exactly the exposed' : `exactly ${clause.equals}`;
}
