// A scenario after validation: every default filled in, every reference resolved. Plain data; it is written into the plan.
import type { BrokerName } from './cluster.ts';
import type { SettleMode } from './client.ts';
import type { Contract, Measure } from './contract.ts';
import type { Configured } from './configuration.ts';

export interface Scenario {
  /** Path-like and stable: `kafka/acks-all/leader-kill`. */
  readonly name: string;
  /** One line for people. */
  readonly title: string;
  readonly tags: readonly string[];
  /** The scenario with the same steps that differs in one policy field and must show what this one must not (or the reverse). */
  readonly twin: string | null;
  readonly cluster: ClusterSpec;
  readonly destination: DestinationSpec;
  readonly producer: ProducerSpec;
  readonly consumer: ConsumerSpec;
  readonly payloadBytes: number;
  readonly steady: Trigger;
  readonly steps: readonly Step[];
  readonly contract: Contract;
  /** What was expected to be measured, beside what the contract demands; judged by nobody. Absent: nothing was predicted. */
  readonly predicted?: Predictions;
  readonly bounds: Bounds;
  /** Which versions of the broker have this policy at all; null: all. */
  readonly only: VersionCondition | null;
  /** The conditions on the broker's version that changed the contract; it already says what holds on `cluster.version`. */
  readonly conditions: readonly VersionCondition[];
  /** Links to what the vendor says about this policy. */
  readonly sources: readonly string[];
  /** Effective client and topic settings with their sources; the cluster adds the broker's. */
  readonly configuration: readonly Configured[];
}

/** By measure, in words with where the number comes from: "1,000: exactly what only the leader had". */
export type Predictions = Readonly<Partial<Record<Measure, string>>>;

export interface VersionCondition {
  /** As the broker's spec names them: `4.1`. */
  readonly versions: readonly string[];
  /** Why, with the vendor's words or the measurement that shows it. */
  readonly because: string;
  /** The clauses of the contract that it set, so that a report can say it beside them. */
  readonly measures?: readonly Measure[];
}

export interface ClusterSpec {
  readonly broker: BrokerName;
  /** Broker version such as `4.1` (`embedded` for memory). */
  readonly version: string;
  readonly nodes: number;
  /** The user's broker settings, as the broker spells them: inline values win over the file. */
  readonly properties: Readonly<Record<string, string>>;
  /** Text of the user's `server.properties` or `rabbitmq.conf`, read when the scenario was loaded; null without one. */
  readonly file: { readonly path: string; readonly text: string } | null;
  /** Memory only: which defects the embedded broker has (see brokers/memory/spec). */
  readonly defects: Readonly<Record<string, number | boolean>>;
  /** What the scenario's faults or clients need the nodes to have; only scenarios with such faults pay for it. In the order of `equipments`; absent: nothing. */
  readonly equipment?: readonly Equipment[];
}

/** `disk`: each node's data lies on a filesystem of its own. `proxy`: clients reach each node through a proxy of its own. `streams`: nodes speak RabbitMQ's stream protocol, too. */
export const equipments = ['disk', 'proxy', 'streams'] as const;
export type Equipment = (typeof equipments)[number];

export interface DestinationSpec {
  /** 1 for a queue. */
  readonly partitions: number;
  /** The broker's own words: Kafka `replicationFactor` and `config`; RabbitMQ `type`, `durable`, `arguments`; memory `answer`. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Who chooses the partition of a message. `explicit`: Leaderfall, one partition a publish, by turns. `multi-partition`: Leaderfall,
 * and one publish spans all of them. `keyed`: the client, from the message's key. `keyless`: the client, as it likes. A queue knows `explicit` only.
 */
export type Routing = 'explicit' | 'multi-partition' | 'keyed' | 'keyless';

/** A user's own client: a program that speaks JSON lines on stdin and stdout (docs/bring-your-own-client.md). */
export interface ProgramSpec {
  /** Executable and arguments; no shell. */
  readonly command: readonly string[];
  /** Where it runs; absolute after loading. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ProducerSpec {
  /** A driver of the broker, or `program`. */
  readonly driver: string;
  /** With the driver `program`, and only then. */
  readonly program: ProgramSpec | null;
  readonly count: number;
  /** Publishes under way at once, per producer. */
  readonly inFlight: number;
  /** Messages in one publish. */
  readonly batch: number;
  readonly routing: Routing;
  /** How many different keys `keyed` messages have. */
  readonly keys: number;
  /** Messages a second over all producers; null: flat out. */
  readonly ratePerSecond: number | null;
  /** `unknown`: an indeterminate attempt is published again as a new attempt of the same id until it is known. */
  readonly resend: 'never' | 'unknown';
  /** The broker's policy fields: Kafka `acks`, `idempotent`, …; RabbitMQ `confirms`, `persistent`, …. Validated by the broker's spec. */
  readonly policy: Readonly<Record<string, unknown>>;
  /** Passed to the driver as it is, after our explicit options. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface ConsumerSpec {
  /** A driver of the broker, or `program`. */
  readonly driver: string;
  readonly program: ProgramSpec | null;
  readonly count: number;
  /** `drain`: consumers start only once the chaos is over, so that nothing leaves the queue before. */
  readonly start: 'steady' | 'drain';
  readonly settle: SettleMode;
  readonly prefetch: number;
  /** Time that the handler takes for one message. */
  readonly handlerMs: number;
  /** The handler refuses every so-many-th message, on its first delivery to this process: `requeue` asks for it again, otherwise it is rejected for good. */
  readonly refuse: { readonly every: number; readonly requeue: boolean } | null;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Whichever comes first; counts are relative to the moment when waiting begins. At least one is given. */
export interface Trigger {
  readonly acknowledged?: number;
  readonly handedOver?: number;
  readonly delivered?: number;
  /** Handlers that ended. */
  readonly processed?: number;
  /** Messages attempted at least once. */
  readonly attempted?: number;
  readonly elapsedMs?: number;
  /** Not a count: partition 0 has at most this many in-sync replicas (Kafka), or online members (RabbitMQ). */
  readonly inSyncAtMost?: number;
  /** Counts and time run from this edge of another fault, which has passed, instead of from when waiting begins. Not a condition of its own. */
  readonly since?: { readonly fault: string; readonly edge: 'begin' | 'end' };
}

export type NodeTarget =
  | { readonly role: 'leader'; readonly partition: number }
  | { readonly role: 'follower'; readonly partition: number }
  /** Every node that holds a copy of the partition, whether it leads or not, alive or not. */
  | { readonly role: 'replicas'; readonly partition: number }
  /** Kafka's active controller. */
  | { readonly role: 'controller' }
  /** The node that coordinates the consumers' group (Kafka). */
  | { readonly role: 'coordinator' }
  /** Any node, by the run's seed. */
  | { readonly role: 'random' }
  /** So many nodes that the rest is still a majority, the leader of partition 0 among them; or a majority; or every node. */
  | { readonly role: 'minority' | 'majority' | 'all' }
  /** Several at once; one that two of them name is struck once. */
  | { readonly role: 'together'; readonly targets: readonly NodeTarget[] }
  | { readonly role: 'node'; readonly node: string };

export type Target =
  | NodeTarget
  /** A worker process of ours. `between` makes the end exact: it dies after the first of the two was recorded and done, before the second begins. */
  | { readonly role: 'client'; readonly client: 'producer' | 'consumer'; readonly index: number; readonly between: CrashPoint | null };

/** Where a consumer dies. `processing-and-settling`: handled, and the broker not told. `settling-and-processing`: the broker told, and not handled. */
export type CrashPoint = 'processing-and-settling' | 'settling-and-processing';

/** In the order of the declarations. */
export const faultNames = ['kill', 'stop', 'pause', 'stall', 'crash-loop',
  'replication-cut', 'partition', 'partition-one-way', 'partition-ring', 'packet-loss', 'bandwidth-limit',
  'power-loss', 'disk-full', 'disk-read-only', 'disk-wipe',
  'restart', 'leader-transfer', 'leader-election', 'unclean-election', 'rebalance-storm',
  'client-cut', 'client-reset', 'client-silence', 'lost-response', 'client-latency', 'client-bandwidth', 'client-cut-after', 'connection-churn',
] as const;
export type FaultName = (typeof faultNames)[number];

export type Step =
  /** Goes on once the trigger fires. */
  | { readonly kind: 'wait'; readonly trigger: Trigger }
  /** Producers stop; in-flight attempts end; replicas reach the log's end. Where nodes have disks of their own, all that is on them survives a loss of power. */
  | { readonly kind: 'quiesce' }
  /** Exactly `count` messages; goes on when all attempts ended and are flushed, or after `withinMs`. They become the exposed set of the next fault that strikes a node. */
  | { readonly kind: 'publish'; readonly count: number; readonly withinMs: number }
  | { readonly kind: 'inject'; readonly fault: FaultName; readonly id: string; readonly target: Target; readonly parameters: FaultParameters }
  | { readonly kind: 'heal'; readonly id: string }
  /** Goes on once the broker itself says that every node is back and every replica in sync; a run in which that takes longer than `withinMs` is not completed. */
  | { readonly kind: 'redundant'; readonly withinMs: number }
  /** Producers go on as before a quiesce. */
  | { readonly kind: 'resume' }
  /** Consumers that were to start with the drain start now, while there is traffic. */
  | { readonly kind: 'consume' };

/** What a fault can be told beside its target, such as `times` of a crash loop. Each fault says which it knows. */
export type FaultParameters = Readonly<Record<string, number>>;

/** Limits of the phases, in milliseconds. */
export interface Bounds {
  readonly provisionMs: number;
  readonly steadyMs: number;
  readonly stepMs: number;
  readonly healMs: number;
  readonly recoverMs: number;
  readonly drainMs: number;
  readonly auditMs: number;
  readonly teardownMs: number;
}

export const phases = ['provision', 'steady', 'chaos', 'heal', 'recover', 'drain', 'audit', 'teardown', 'judge', 'report'] as const;
export type Phase = (typeof phases)[number];

/** Written before the first node starts: the same seed gives the same plan. */
export interface Plan {
  readonly schema: 'leaderfall/plan@1';
  readonly runId: string;
  /** 16 hex digits; in every payload's header. */
  readonly runTag: string;
  readonly seed: string;
  readonly prng: 'mulberry32/1';
  readonly scenario: Scenario;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}
