// Nodes and clusters as the other rooms see them. The engine makes nodes, a broker's room makes the cluster.
import type { Readable } from 'node:stream';
import type { Configured } from './configuration.ts';

export type BrokerName = 'memory' | 'kafka' | 'rabbitmq';
export type NodeId = string;
export type NodeStatus = 'running' | 'paused' | 'exited' | 'absent';

/** Evidence of what a node is: a new `pid` or `startedAt` proves that it died in between. */
export interface NodeState {
  readonly status: NodeStatus;
  readonly pid: number;
  readonly startedAt: string;
  readonly exitCode: number | null;
}

export interface ExecResult {
  readonly exitCode: number;
  /** stdout and stderr together. */
  readonly output: string;
}

export interface ExecOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface LogOptions {
  /** Each line begins with the moment at which the engine took it, where the engine keeps that. */
  readonly stamped: boolean;
  readonly signal: AbortSignal;
}

/** Something that can be killed, frozen and started again: a node, or a client process of ours. */
export interface Life {
  readonly id: string;
  /** SIGKILL; resolves once it is dead. */
  kill(signal: AbortSignal): Promise<void>;
  /** SIGTERM and a bounded wait, then SIGKILL. */
  stop(signal: AbortSignal): Promise<void>;
  /** Starts it again, a node with its data. Does not wait for readiness. */
  start(signal: AbortSignal): Promise<void>;
  pause(signal: AbortSignal): Promise<void>;
  unpause(signal: AbortSignal): Promise<void>;
  state(signal: AbortSignal): Promise<NodeState>;
}

/** One broker process and the machine that it seems to run on. */
export interface Node extends Life {
  readonly id: NodeId;
  /** Address inside the cluster's network, kept over a restart. */
  readonly address: string;
  /** Where clients on this host reach it, kept over a restart: `host:port`. */
  readonly endpoint: string;
  /** Where the harness reaches it whatever is wrong with the way of clients: `host:port`; absent: `endpoint`. */
  readonly directEndpoint?: string;
  /** Runs a command inside the node. @throws `E_CAPABILITY` where there is no inside. */
  exec(command: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** Runs a command in the node's network namespace through the nettools sidecar. @throws `E_CAPABILITY`. */
  netExec(command: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** The last lines that it printed. */
  lastLogLines(count: number): Promise<string>;
  /** Everything that it printed in all its lives until now, as it came. */
  log(options: LogOptions): Promise<Readable>;
  /** Where its data lies, if that can fail on its own; absent where the cluster was started without such disks. */
  readonly disk?: NodeDisk;
  /** The way of clients to it, if that can be disturbed; absent where the cluster was started without proxies. */
  readonly clientLink?: ClientLink;
}

/** What can be wrong with the way between clients and one node. Directions: `requests` flow to the node, `responses` to the client. */
export type LinkTrouble =
  /** No connection is accepted, and those that are open end. */
  | { readonly kind: 'down' }
  /** Open connections end; new ones are accepted and reset (TCP RST) as soon as they carry data. */
  | { readonly kind: 'reset' }
  /** Bytes are swallowed: connections stay open and say nothing. When it is over they end, and what was swallowed never comes. */
  | { readonly kind: 'silence'; readonly direction: 'requests' | 'responses' | 'both' }
  /** Responses come so much later, give or take the jitter. */
  | { readonly kind: 'latency'; readonly latencyMs: number; readonly jitterMs: number }
  /** Of each connection, in each direction. */
  | { readonly kind: 'bandwidth'; readonly kibPerSecond: number }
  /** Each connection ends after so many bytes of responses from now on. */
  | { readonly kind: 'cut-after'; readonly bytes: number };

/** The way of all clients to one node, through a proxy of its own. Several troubles can be on it at once: a `mark` says which is meant. */
export interface ClientLink {
  /** Adds this trouble; returns once new bytes are subject to it. Where it throws, `restore` ends what came of it. */
  apply(mark: string, trouble: LinkTrouble, signal: AbortSignal): Promise<void>;
  /** Ends the trouble of this mark and no other, and looks that it is gone. Idempotent, also where it came by half or never. */
  restore(mark: string, signal: AbortSignal): Promise<void>;
  /** Looks with a connection of its own at what a client would meet now: all that is on, in words, and whether that connection met this trouble. */
  observe(mark: string, trouble: LinkTrouble, signal: AbortSignal): Promise<{ readonly ok: boolean; readonly detail: string }>;
}

/** Changes of leadership that an operator asks for. Each resolves once the broker has accepted the request, with what it was in words. */
export interface Leadership {
  /** Another in-sync replica becomes the leader of the partition. */
  transfer(destination: Destination, partition: number, signal: AbortSignal): Promise<string>;
  /** The preferred (first) replica becomes the leader. @throws `E_CAPABILITY` where the broker has no such order. */
  electPreferred(destination: Destination, partition: number, signal: AbortSignal): Promise<string>;
  /** Whichever replica lives becomes the leader, although it may lack what was acknowledged. @throws `E_CAPABILITY`. */
  electUnclean(destination: Destination, partition: number, signal: AbortSignal): Promise<string>;
}

/** A node's own disk, as storage faults see it. */
export interface NodeDisk {
  /** Everything written until now survives a loss of power. */
  sync(): Promise<void>;
  /** Leaves an unsynced mark, which a loss of power takes away. */
  mark(): Promise<void>;
  hasMark(): Promise<boolean>;
  /** From now on nothing can be written, and what was not synced is gone. The node should be paused, and killed at once. */
  losePower(): Promise<void>;
  /** Makes the disk usable again, whatever was wrong with it. The node must not be running. */
  remount(): Promise<void>;
  /** To the last block, until `empty`. */
  fill(): Promise<void>;
  empty(): Promise<void>;
  freeBytes(): Promise<number>;
  /** As after an error of the device: nothing can be written any more, until `remount`. */
  turnReadOnly(): Promise<void>;
  /** Removes all data. The node must not be running. */
  wipe(): Promise<void>;
  /** The node has written nothing to it, or it was wiped. */
  isEmpty(): Promise<boolean>;
  /** Whether a write reaches it; the error's words where not. */
  tryWrite(): Promise<{ readonly ok: boolean; readonly detail: string }>;
}

/** What a cluster offers to faults; a fault whose needs are not met is "not runnable here". */
/** `node-links`: packets between nodes can be dropped. `packet-loss`: a share of them. `bandwidth`: their rate can be limited. `client-links`: see `ClientLink`. `disk`: see `NodeDisk`. `leadership`: see `Leadership`. */
export type Capability = 'kill' | 'stop' | 'pause' | 'replication-cut' | 'node-links' | 'packet-loss' | 'bandwidth' | 'client-links' | 'disk' | 'leadership';

/** A fresh topic or queue. `partitions` is 1 for a queue. */
export interface Destination {
  readonly name: string;
  readonly partitions: number;
  /** The Kafka group of the workload's consumers. */
  readonly group?: string;
}

export interface PartitionTopology {
  readonly partition: number;
  /** null: no leader now. */
  readonly leader: NodeId | null;
  /** Leader epoch or term where the broker tells it: it grows with every change of leader. */
  readonly epoch: number | null;
  /** `epoch` is a Raft term: it also grows with elections that nobody won, so that steps of more than one do not tell of a leader in between. Absent: it counts leaders. */
  readonly epochIsTerm?: boolean;
  readonly replicas: readonly NodeId[];
  /** In-sync replicas, or online quorum members. */
  readonly inSync: readonly NodeId[];
}

export interface Topology {
  readonly partitions: readonly PartitionTopology[];
  readonly controller: NodeId | null;
  /** Nodes that the broker itself counts as alive. */
  readonly alive: readonly NodeId[];
}

export interface Health {
  readonly healthy: boolean;
  /** What is missing, in words: "kafka-2 not in sync for orders/0". */
  readonly detail: string;
}

/** How far the workload's consumers are, by the broker's own view. */
export interface Drained {
  readonly done: boolean;
  /** "committed 812 of 900", "3 ready, 1 unacknowledged". */
  readonly detail: string;
}

/** One readable record of a log, or one message that remained in a queue, or in a dead-letter target. */
export interface StoredRecord {
  readonly partition: number;
  /** Offset on a log; position in reading order on a queue. */
  readonly offset: number;
  readonly payload: Uint8Array;
  readonly redelivered: boolean;
  readonly deadLettered: boolean;
}

/** What the audit knows apart from records. */
export interface AuditPositions {
  /** Per partition: the group's committed offset (null: none), the first readable offset, the end. Empty on a queue. */
  readonly partitions: readonly { readonly partition: number; readonly committed: number | null; readonly start: number; readonly end: number }[];
}

export interface ImageRecord {
  readonly node: NodeId;
  readonly reference: string;
  readonly id: string;
  readonly source: 'local' | 'pulled' | 'built' | 'embedded';
}

export interface CollectedLogs {
  /** Names of the files that were written, in the order of the nodes. */
  readonly files: readonly string[];
  /** Nodes whose log could not be read to its end. What had come until then is in a file all the same. */
  readonly incomplete: readonly { readonly node: NodeId; readonly reason: string }[];
}

/** log: records stay after delivery (Kafka, streams). queue: consuming removes them. */
export type StoreKind = 'log' | 'queue';

export interface Cluster extends AsyncDisposable {
  readonly broker: BrokerName;
  readonly version: string;
  readonly nodes: readonly Node[];
  readonly images: readonly ImageRecord[];
  readonly capabilities: ReadonlySet<Capability>;
  /** Why a capability is not among them, where that is this machine's fault and not the broker's nature. */
  readonly lacking?: Readonly<Partial<Record<Capability, string>>>;
  /** Absent where the broker cannot be asked for a change of leader. */
  readonly leadership?: Leadership;
  /** Port on which nodes replicate, for the replication cut; null where there is none to cut alone. */
  readonly replicationPort: number | null;
  /** Effective broker configuration with the source of each value; secrets already redacted. */
  readonly configuration: readonly Configured[];
  /** A fresh topic or queue, ready to use. `args` are the scenario's topic or queue settings for this broker. */
  createDestination(args: DestinationArgs, signal: AbortSignal): Promise<Destination>;
  deleteDestination(destination: Destination, signal: AbortSignal): Promise<void>;
  /** Cheap enough for polling every 200 ms. */
  topology(destination: Destination, signal: AbortSignal): Promise<Topology>;
  /** The node that coordinates the group of the workload's consumers; absent on a broker without groups. null: none now. */
  coordinator?(destination: Destination, signal: AbortSignal): Promise<NodeId | null>;
  /** All nodes alive, leaders known, all replicas in sync. Without a destination: the cluster itself. */
  health(destination: Destination | null, signal: AbortSignal): Promise<Health>;
  /** True once every replica holds the log up to its end. Always true on a broker without replicas. */
  replicasCaughtUp(destination: Destination, signal: AbortSignal): Promise<Health>;
  /** Whether consumers have everything that the broker owes them. */
  drained(destination: Destination, signal: AbortSignal): Promise<Drained>;
  /**
   * Brings the cluster back after faults: starts, unpauses, retries a node that exits. Idempotent, bounded by the signal.
   * @returns what an operator would have had to do beyond that, in words; null: nothing.
   */
  heal(signal: AbortSignal): Promise<string | null>;
  /** Reads what the broker holds, with a driver other than the one under test, after the consumers have closed. On a queue this consumes. */
  audit(destination: Destination, options: AuditOptions): AsyncIterable<StoredRecord>;
  auditPositions(destination: Destination, signal: AbortSignal): Promise<AuditPositions>;
  /** Writes `<node>.log` files into the folder, secrets hidden. Never rejects: what cannot be had within the signal is named. */
  collectLogs(folder: string, signal: AbortSignal): Promise<CollectedLogs>;
  /** Plain data that a worker process needs to connect. */
  connection(): ClusterConnection;
}

export interface AuditOptions {
  /** Drivers under test in this run: the audit uses another library. */
  readonly subjects: readonly string[];
  readonly signal: AbortSignal;
}

export interface DestinationArgs {
  /** Unique in the run; a broker may shorten or escape it. */
  readonly name: string;
  /** 1 for a queue. */
  readonly partitions: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ClusterConnection {
  readonly broker: BrokerName;
  /** `streamPort`: of RabbitMQ's stream protocol, on nodes that speak it. */
  readonly endpoints: readonly { readonly node: NodeId; readonly host: string; readonly port: number; readonly streamPort?: number }[];
}
