// Finds the user's settings that no broker knows. Kafka itself keeps silent about them, so a misspelt name would mean a
// run under defaults that nobody asked for.
import { ConfigResourceTypes, ConfigTypes, describeConfigsV4 } from '@platformatic/kafka';
import { closest, distance } from 'fastest-levenshtein';
import type { Node } from '../../model/cluster.ts';
import { redactText } from '../../model/configuration.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { nodeNumber } from './node-ids.ts';
import type { Wire } from './wire/wire.ts';

/** Settings of listeners and plug-ins, which DescribeConfigs cannot know. */
const pluginPrefixes = ['listener.name.', 'rsm.config.', 'rlmm.config.', 'kafka.metrics.', 'authorizer.'];
const pluginKeys: ReadonlySet<string> = new Set(['super.users', 'allow.everyone.if.no.acl.found']);

/** @throws LeaderfallError `E_BROKER_SETTING` naming the first unknown setting. */
export async function checkSettings(wire: Wire, node: Node, keys: readonly string[]): Promise<void> {
  const suspects = keys.filter((key) => !pluginKeys.has(key) && !pluginPrefixes.some((prefix) => key.startsWith(prefix)));
  if (suspects.length === 0) return;
  const known = await knownSettings(wire, node);
  const unknown = suspects.filter((key) => !known.has(key));
  const first = unknown[0];
  if (first === undefined) return;
  const nearest = closest(first, [...known]);
  const similar = distance(first, nearest) <= 4;
  throw new LeaderfallError('E_BROKER_SETTING', `Kafka has no broker setting ${unknown.join(', ')}`, {
    hint: `${similar ? `Did you mean ${nearest}?` : 'Correct or remove it.'} The names are at https://kafka.apache.org/documentation/#brokerconfigs.`,
    detail: await brokersWord(node, first, similar ? nearest : null),
  });
}

/** The broker also lists names that it was given and does not know: they have no type. */
async function knownSettings(wire: Wire, node: Node): Promise<ReadonlySet<string>> {
  const resource = { resourceType: ConfigResourceTypes.BROKER, resourceName: String(nodeNumber(node.id)), configurationKeys: null };
  const answer = await wire.link(node.id, 'admin').ask(describeConfigsV4.api, [resource], false, false);
  const configs = answer.results[0]?.configs ?? [];
  return new Set(configs.filter(({ configType }) => configType !== ConfigTypes.UNKNOWN).map(({ name }) => name));
}

/** Kafka starts without a word about such a setting, but it prints what it runs with. */
async function brokersWord(node: Node, key: string, nearest: string | null): Promise<string> {
  const lines = (await node.lastLogLines(2000)).split('\n').map((line) => line.trim());
  const about = (name: string): readonly string[] => lines.filter((line) => line.split(/[\s,;"'=:]+/).includes(name)).slice(0, 3);
  const said = about(key);
  if (said.length > 0) return redactText(said.join('\n'));
  const running = nearest === null ? [] : about(nearest).slice(0, 1);
  return redactText([`${node.id} started without a word about ${key}: Kafka ignores settings that it does not know`, ...running.map((line) => `${node.id} runs with: ${line}`)].join('\n'));
}
