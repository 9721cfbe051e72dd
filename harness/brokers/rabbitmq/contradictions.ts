// Policies that RabbitMQ refuses or that would not mean what they say, found before anything starts. Pure.
import type { Contradiction } from '../../model/broker.ts';
import type { Scenario } from '../../model/scenario.ts';
import { homeIndex } from './home-node.ts';

type Rule = (scenario: Scenario) => Contradiction | null;

/** Every contradiction in the scenario, in a fixed order; none where it can run. */
export function findContradictions(scenario: Scenario, versions: readonly string[]): readonly Contradiction[] {
  return [unknownVersion(versions), ...rules].flatMap((rule) => rule(scenario) ?? []);
}

const settings = (scenario: Scenario): Readonly<Record<string, unknown>> => scenario.destination.settings;
const isQuorum = (scenario: Scenario): boolean => settings(scenario)['type'] !== 'classic';
const queueArguments = (scenario: Scenario): Readonly<Record<string, unknown>> =>
  (settings(scenario)['arguments'] ?? {}) as Readonly<Record<string, unknown>>;

const at = (path: string, message: string, hint: string): Contradiction => ({ path, message, hint });

const unknownVersion = (versions: readonly string[]): Rule => ({ cluster }) =>
  versions.includes(cluster.version)
    ? null
    : at('cluster.version', `RabbitMQ ${cluster.version} is not supported`, `Use one of ${versions.join(', ')}.`);

const noNodes: Rule = ({ cluster }) =>
  cluster.nodes >= 1 ? null : at('cluster.nodes', 'A cluster needs at least one node', 'Use 3, so that a majority survives one.');

const partitioned: Rule = ({ destination }) =>
  destination.partitions === 1
    ? null
    : at('destination.partitions', `A queue has no partitions, ${destination.partitions} were asked for`, 'Leave partitions out.');

const batched: Rule = ({ producer }) =>
  producer.batch === 1
    ? null
    : at('producer.batch', 'AMQP 0-9-1 publishes one message at a time', 'Set batch to 1 and raise inFlight for throughput.');

/** https://www.rabbitmq.com/docs/quorum-queues#feature-matrix: always durable and never exclusive. */
const quorumNotDurable: Rule = (scenario) =>
  isQuorum(scenario) && settings(scenario)['durable'] === false
    ? at('destination.durable', 'A quorum queue is always durable; RabbitMQ refuses a non-durable one', 'Set durable to true, or type to classic.')
    : null;

const quorumExclusive: Rule = (scenario) =>
  isQuorum(scenario) && ['exclusive', 'x-exclusive'].some((key) => key in queueArguments(scenario))
    ? at('destination.arguments', 'A quorum queue cannot be exclusive', 'Remove the argument, or set type to classic.')
    : null;

const quorumPriority: Rule = (scenario) =>
  isQuorum(scenario) && 'x-max-priority' in queueArguments(scenario)
    ? at('destination.arguments', 'A quorum queue refuses x-max-priority', 'Remove the argument: since 4.0 quorum queues have two priorities without it. Or set type to classic.')
    : null;

const typeTwice: Rule = (scenario) =>
  'x-queue-type' in queueArguments(scenario)
    ? at('destination.arguments', 'x-queue-type is set by destination.type', 'Remove the argument and set destination.type.')
    : null;

const tooManyReplicas: Rule = (scenario) => {
  const size = queueArguments(scenario)['x-quorum-initial-group-size'];
  if (size === undefined) return null;
  if (!isQuorum(scenario)) return at('destination.arguments', 'A classic queue has no replicas', 'Remove x-quorum-initial-group-size, or set type to quorum.');
  return Number(size) > scenario.cluster.nodes
    ? at('destination.arguments', `${String(size)} replicas do not fit on ${scenario.cluster.nodes} nodes`, 'Raise cluster.nodes or lower x-quorum-initial-group-size.')
    : null;
};

const homeBeyondCluster: Rule = (scenario) => {
  const home = String(settings(scenario)['home'] ?? 'first');
  return homeIndex(home, scenario.cluster.nodes) < scenario.cluster.nodes
    ? null
    : at('destination.home', `There is no ${home} in a cluster of ${scenario.cluster.nodes}`, `Use first, last or rabbitmq-1 to rabbitmq-${scenario.cluster.nodes}.`);
};

/** RabbitMQ 4.3 denies transient non-exclusive queues unless `deprecated_features.permit.transient_nonexcl_queues` is set. */
const transientDenied: Rule = (scenario) => {
  if (isQuorum(scenario) || settings(scenario)['durable'] !== false || scenario.cluster.version !== '4.3') return null;
  const permit = 'deprecated_features.permit.transient_nonexcl_queues';
  const permitted = permit in scenario.cluster.properties || (scenario.cluster.file?.text.includes(permit) ?? false);
  return permitted
    ? null
    : at('destination.durable', 'RabbitMQ 4.3 denies non-durable queues that are not exclusive', `Set the broker property ${permit} to true, or use version 4.0.`);
};

const transientOnQuorum: Rule = (scenario) =>
  isQuorum(scenario) && scenario.producer.policy['persistent'] === false
    ? at('producer.persistent', 'A quorum queue stores every message: transient messages change nothing there', 'Set persistent to true, or type to classic.')
    : null;

/** Without confirms no attempt is ever known to have failed, so nothing would ever be sent again. */
const resendWithoutConfirms: Rule = ({ producer }) =>
  producer.policy['confirms'] === false && producer.resend === 'unknown'
    ? at('producer.resend', 'Without confirms a publisher never learns what is unknown', 'Set confirms to true, or resend to never.')
    : null;

/** A consumer without a limit takes the whole queue, and one crash then counts against every message's delivery limit. */
const quorumUnlimitedPrefetch: Rule = (scenario) =>
  isQuorum(scenario) && scenario.consumer.prefetch === 0 && scenario.consumer.settle !== 'automatic'
    ? at('consumer.prefetch', 'Prefetch 0 has no limit: one consumer would take the whole quorum queue', 'Set prefetch to 50 or so, or settle to automatic.')
    : null;

/** Its nodes speak to each other through one distribution port: there is no replication that could be cut alone. */
const cutReplication: Rule = (scenario) => {
  const index = scenario.steps.findIndex((step) => step.kind === 'inject' && step.fault === 'replication-cut');
  return index === -1 ? null : at(`steps[${index}]`, 'RabbitMQ has no replication port that could be cut alone', 'Use kill, stop or pause for this broker.');
};

const rules: readonly Rule[] = [
  cutReplication,
  noNodes, partitioned, batched, quorumNotDurable, quorumExclusive, quorumPriority, typeTwice, tooManyReplicas,
  homeBeyondCluster, transientDenied, transientOnQuorum, resendWithoutConfirms, quorumUnlimitedPrefetch,
];
