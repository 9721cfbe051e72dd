// Clusters, versions and broker settings that cannot be. Pure.
import { parseConf } from '../configuration/conf-file.ts';
import { homeIndex } from '../home-node.ts';
import { at, type Rule, type Subject, when } from './rule.ts';

export const unknownVersion = (versions: readonly string[]): Rule => ({ scenario: { cluster } }) =>
  when(!versions.includes(cluster.version), 'cluster.version', `RabbitMQ ${cluster.version} is not supported`, `Use one of ${versions.join(', ')}.`);

const noNodes: Rule = ({ scenario: { cluster } }) =>
  when(cluster.nodes < 1, 'cluster.nodes', 'A cluster needs at least one node', 'Use 3, so that a majority survives one.');

const homeBeyondCluster: Rule = ({ scenario: { cluster }, queue: { home } }) =>
  when(homeIndex(home, cluster.nodes) >= cluster.nodes, 'destination.home', `There is no ${home} in a cluster of ${cluster.nodes}`,
    `Use first, last or rabbitmq-1 to rabbitmq-${cluster.nodes}.`);

/** Its nodes speak to each other through one distribution port: there is no replication that could be cut alone. */
const cutReplication: Rule = ({ scenario: { steps } }) => {
  const index = steps.findIndex((step) => step.kind === 'inject' && step.fault === 'replication-cut');
  return when(index !== -1, `steps[${index}]`, 'RabbitMQ has no replication port that could be cut alone', 'Use kill, stop or pause for this broker.');
};

const noController: Rule = ({ scenario: { steps } }) => {
  const index = steps.findIndex((step) => step.kind === 'inject' && step.target.role === 'controller');
  return when(index !== -1, `steps[${index}].target`, 'RabbitMQ has no controller: its nodes are equals', 'Aim at { leader: 0 }, or at a node by its name.');
};

/** Of a queue that lives on one node. */
const noFollower: Rule = ({ scenario: { steps }, queue: { type, mirrors, members } }) => {
  const index = steps.findIndex((step) => step.kind === 'inject' && step.target.role === 'follower');
  return when(index !== -1 && (type === 'classic' ? mirrors === null : members === 1), `steps[${index}].target.follower`, 'This queue is on one node and has no followers', 'Aim at { leader: 0 }, or replicate the queue.');
};

const partitionHandling = 'cluster_partition_handling';
const strategies = ['ignore', 'pause_minority', 'autoheal', 'pause_if_all_down'];

/** 4.3 has no Mnesia left for it to mend: https://www.rabbitmq.com/docs/partitions; on a live 4.3.6 the key was accepted and changed nothing. */
const partitionHandlingRule: Rule = (subject) => {
  const setting = settingOf(subject, partitionHandling);
  if (setting === null) return null;
  if (subject.scenario.cluster.version === '4.3') {
    return at(setting.path, `RabbitMQ 4.3 accepts ${partitionHandling} and ignores it: Khepri goes by its own majority`, 'Leave it out, or use version 3.10 or 4.0.');
  }
  return when(!strategies.includes(setting.value), setting.path, `${partitionHandling} does not know ${setting.value}`, `Use one of ${strategies.join(', ')}.`);
};

/** A broker setting of the user, inline or in the file, with the field that holds it. */
export function settingOf({ scenario: { cluster } }: Subject, key: string): { readonly path: string; readonly value: string } | null {
  const inline = cluster.properties[key];
  if (inline !== undefined) return { path: 'cluster.properties', value: inline };
  const entry = parseConf(cluster.file?.text ?? '').findLast((candidate) => candidate.key === key);
  return entry === undefined ? null : { path: 'cluster.configFile', value: entry.value };
}

export const clusterRules: readonly Rule[] = [cutReplication, noController, noFollower, noNodes, homeBeyondCluster, partitionHandlingRule];
