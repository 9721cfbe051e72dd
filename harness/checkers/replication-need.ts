// How many replicas a policy needs to go on and to keep what it acknowledged: by the brokers' own rules.
import type { Scenario } from '../model/scenario.ts';

export interface ReplicationNeed {
  /** In-sync replicas that must be left. */
  readonly replicas: number;
  /** Nodes of the cluster that must be left; null: it has no such rule. */
  readonly nodes: number | null;
  /** "acks=all, min.insync.replicas=2", "a majority". */
  readonly rule: string;
  /** The broker's in-sync set says only who is online, not who holds the whole log. */
  readonly onlineOnly: boolean;
}

const majorityOf = (count: number): number => Math.floor(count / 2) + 1;

/**
 * Kafka: as many as acks asks for (https://kafka.apache.org/documentation/#brokerconfigs_min.insync.replicas), and a majority of the controllers,
 * which all its nodes are here, to elect a leader. RabbitMQ: a majority of a quorum queue's or stream's members
 * (https://www.rabbitmq.com/docs/quorum-queues#availability), of a classic queue any copy that holds everything.
 * @param replicas how many there are.
 * @returns null where the producer's policy does not say what it waits for.
 */
export function replicationNeedOf({ cluster, destination: { settings }, producer: { policy } }: Scenario, replicas: number): ReplicationNeed | null {
  const type = settings['type'];
  if (cluster.broker === 'kafka') {
    const needed = kafkaNeed(settings, policy);
    return needed === null ? null : { ...needed, nodes: majorityOf(cluster.nodes), onlineOnly: false };
  }
  if (type === 'quorum' || type === 'stream') return { replicas: majorityOf(replicas), nodes: null, rule: 'a majority of its members', onlineOnly: true };
  return { replicas: 1, nodes: null, rule: 'one copy that holds everything', onlineOnly: false };
}

type Fields = Readonly<Record<string, unknown>>;

function kafkaNeed(settings: Fields, policy: Fields): Pick<ReplicationNeed, 'replicas' | 'rule'> | null {
  const acks = policy['idempotent'] === true || (policy['transaction'] ?? 'none') !== 'none' ? 'all' : policy['acks'];
  if (acks === undefined || acks === null) return null;
  if (acks !== 'all' && Number(acks) !== -1) return { replicas: 1, rule: `acks=${String(acks)}` };
  const config = settings['config'] as Fields | undefined;
  const least = Number(settings['minInsyncReplicas'] ?? config?.['min.insync.replicas'] ?? 1);
  return { replicas: Math.max(1, least), rule: `acks=all, min.insync.replicas=${least}` };
}
