// The versions and drivers that a scenario may name for Kafka.

export const versions = ['3.9', '4.0', '4.1', '4.2', '4.3'];

/** The first is the default. */
export const drivers = ['kafkajs', 'platformatic'];

/**
 * Since 4.0 replicas that hold everything acknowledged stay eligible as leaders after they left the in-sync set (KIP-966). New clusters
 * of 4.1 and later have it on. It is a feature of the cluster and no broker setting; Leaderfall takes it among `cluster.properties`.
 * https://kafka.apache.org/41/operations/eligible-leader-replicas/
 */
export const eligibleLeaderReplicas = 'eligible.leader.replicas.version';

export const hasEligibleLeaderReplicas = (version: string): boolean => !version.startsWith('3.');
