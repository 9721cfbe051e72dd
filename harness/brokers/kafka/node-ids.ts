// Kafka numbers its nodes, Leaderfall names them: 1 is `kafka-1`.
import type { NodeId } from '../../model/cluster.ts';

export const nodeName = (id: number): NodeId => `kafka-${id}`;
export const nodeNumber = (node: NodeId): number => Number(node.slice('kafka-'.length));
