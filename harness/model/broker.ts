// What a broker's room offers: a pure `spec`, and a module that starts clusters and makes clients.
import type { ZodType } from 'zod';
import type { ConsumerClient, ProducerClient } from './client.ts';
import type { BrokerName, Cluster, ClusterConnection, Destination, NodeId, StoreKind } from './cluster.ts';
import type { ClusterSpec, ConsumerSpec, DestinationSpec, Equipment, ProducerSpec, Scenario } from './scenario.ts';

/** A policy that cannot work, found before anything starts. */
export interface Contradiction {
  /** Where in the scenario: `producer.idempotent`. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** Pure: what users may write for this broker. Schemas are strict and fill in every default explicitly. */
export interface BrokerSpec {
  readonly name: BrokerName;
  readonly versions: readonly string[];
  readonly defaultVersion: string;
  readonly defaultNodes: number;
  readonly producerDrivers: readonly string[];
  readonly consumerDrivers: readonly string[];
  /** Fields of `destination` besides `partitions`. */
  readonly destination: ZodType<Record<string, unknown>>;
  /** Fields of `producer` besides those that every broker has. */
  readonly producerPolicy: ZodType<Record<string, unknown>>;
  readonly consumerPolicy: ZodType<Record<string, unknown>>;
  /** Fields of `cluster.defects` (memory), or null. */
  readonly defects: ZodType<Record<string, number | boolean>> | null;
  storeKind(destination: DestinationSpec): StoreKind;
  /** What the clients need the nodes to have; absent: nothing. */
  clientEquipment?(clients: Pick<Scenario, 'producer' | 'consumer'>): readonly Equipment[];
  /** False where the producer's policy has no acknowledgements: then the base is what was handed over. */
  acknowledges(producer: ProducerSpec): boolean;
  contradictions(scenario: Scenario): readonly Contradiction[];
}

export interface StartClusterOptions {
  readonly spec: ClusterSpec;
  readonly runId: string;
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

export interface ClientContext {
  readonly connection: ClusterConnection;
  readonly destination: Destination;
  readonly destinationSpec: DestinationSpec;
  /** Leader of partition 0 when the client was made, for clients that are told to stay near or away from it. */
  readonly leader: NodeId | null;
  readonly index: number;
  /** Reconnects and the like, for the timeline. */
  readonly onNote: (message: string) => void;
}

export interface BrokerModule {
  readonly spec: BrokerSpec;
  /** Starts the nodes and waits until the cluster is ready by its own view. @throws environment errors with the nodes' last log lines as detail. */
  startCluster(options: StartClusterOptions): Promise<Cluster>;
  /** Runs in a worker process. Loads the driver that `spec` names, and no other. */
  createProducer(context: ClientContext, spec: ProducerSpec): Promise<ProducerClient>;
  createConsumer(context: ClientContext, spec: ConsumerSpec): Promise<ConsumerClient>;
}
