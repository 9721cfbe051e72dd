// A plan in words, for `--dry-run` and for reviews.
import { describeClause } from '../model/clause.ts';
import { describeStep, describeTrigger } from '../model/describe-step.ts';
import type { Plan, Scenario } from '../model/scenario.ts';

/** Several lines, without colour. */
export function describePlan({ scenario, seed }: Plan): string {
  const { cluster, destination, producer, consumer } = scenario;
  const lines: readonly (readonly [string, string])[] = [
    ['seed', seed],
    ...(scenario.only === null ? [] : [['only', `${scenario.only.versions.join(', ')}: ${scenario.only.because}`] as const]),
    ['cluster', `${cluster.broker} ${cluster.version}, ${plural(cluster.nodes, 'node')}${settingsOf({ ...cluster.properties, ...present(cluster.defects) })}${cluster.file === null ? '' : `, with ${cluster.file.path}`}`],
    ['destination', `${plural(destination.partitions, 'partition')}${settingsOf(destination.settings)}`],
    ['producer', `${producer.count} × ${producer.driver}, ${producer.inFlight} in flight, ${rateOf(producer)}${routingOf(producer)}, resend ${producer.resend}${settingsOf(producer.policy)}${programOf(producer)}`],
    ['consumer', `${consumer.count} × ${consumer.driver}, from ${consumer.start}, settle ${consumer.settle}, prefetch ${consumer.prefetch}, handler ${consumer.handlerMs} ms${refusalOf(consumer)}${settingsOf(consumer.policy)}${programOf(consumer)}`],
    ['steady', describeTrigger(scenario.steady)],
    ...scenario.steps.map((step, index) => [`step ${index + 1}`, describeStep(step)] as const),
    ['contract', Object.entries(scenario.contract).map(([measure, clause]) => `${measure} ${describeClause(clause)}`).join(', ')],
    ...Object.entries(scenario.predicted ?? {}).map(([measure, words]) => ['predicted', `${measure} ${words}`] as const),
    ...scenario.conditions.map(({ because }) => [`on ${cluster.version}`, because] as const),
    ['twin', scenario.twin ?? 'none: its power is untested'],
  ];
  return [`${scenario.name}: ${scenario.title}`, ...lines.map(([label, text]) => `  ${label.padEnd(12)}${text}`)].join('\n');
}

/** Defects that are switched on. */
const present = (defects: Scenario['cluster']['defects']): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(defects).filter(([, value]) => Boolean(value)));

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const rateOf = ({ ratePerSecond, batch }: Scenario['producer']): string =>
  `${ratePerSecond === null ? 'flat out' : `${ratePerSecond} messages/s`}${batch === 1 ? '' : ` in batches of ${batch}`}`;

/** What is usual is not said. */
const routingOf = ({ routing, keys }: Scenario['producer']): string => (routing === 'explicit' ? '' : `, ${routing}${routing === 'keyed' ? ` by ${plural(keys, 'key')}` : ''}`);

const refusalOf = ({ refuse }: Scenario['consumer']): string => (refuse === null ? '' : `, refuses every ${refuse.every}th${refuse.requeue ? ' once, to be requeued' : ''}`);

const programOf = ({ program }: Scenario['producer' | 'consumer']): string => (program === null ? '' : `, command ${program.command.join(' ')}`);

/** null leaves a setting to the broker, and an empty map says nothing. */
function settingsOf(settings: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(settings).filter(([, value]) => value !== null && !(typeof value === 'object' && Object.keys(value).length === 0));
  return shown.map(([key, value]) => `, ${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join('');
}
