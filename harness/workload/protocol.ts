// What the conductor and a worker process say to each other. No message of the measured traffic goes this way.
import type { ClusterConnection, Destination, NodeId } from '../model/cluster.ts';
import type { ConsumerSpec, CrashPoint, DestinationSpec, ProducerSpec } from '../model/scenario.ts';

export interface WorkerSetup {
  readonly name: string;
  readonly role: 'producer' | 'consumer';
  readonly index: number;
  /** The run's folder of segments. */
  readonly segments: string;
  readonly runTag: string;
  /** `process.hrtime.bigint()` at the run's origin. */
  readonly originNs: string;
  readonly wallOriginMs: number;
  readonly connection: ClusterConnection;
  readonly destination: Destination;
  readonly destinationSpec: DestinationSpec;
  readonly leader: NodeId | null;
  readonly producer: ProducerSpec;
  readonly consumer: ConsumerSpec;
  readonly payloadBytes: number;
  /** Consumers: handlers do not end until `release`. */
  readonly stalled: boolean;
}

export type WorkerCommand =
  | { readonly type: 'setup'; readonly setup: WorkerSetup }
  /** Answered with the counters first, then `done`: what they count was before. */
  | { readonly type: 'resume'; readonly id: number }
  | { readonly type: 'quiesce'; readonly id: number; readonly timeoutMs: number }
  | { readonly type: 'publish'; readonly id: number; readonly count: number; readonly withinMs: number }
  /** Consumers only. */
  | { readonly type: 'stall' | 'release'; readonly id: number }
  /** Consumers only. Answered at once; the process dies when a message reaches the point. */
  | { readonly type: 'die-between'; readonly id: number; readonly point: CrashPoint }
  /** `graceMs`: of a producer, for attempts that are under way; of a consumer, for all of its close. */
  | { readonly type: 'stop'; readonly graceMs: number };

export interface WorkerCounters {
  readonly attempted: number;
  readonly acknowledged: number;
  readonly handedOver: number;
  readonly failed: number;
  readonly indeterminate: number;
  readonly outstanding: number;
  readonly delivered: number;
  readonly processed: number;
  /** Consumers: received, and the handler has not ended. */
  readonly held: number;
  /** Consumers: handlers that a stall keeps from ending. */
  readonly heldUp: number;
  /** Consumers: connected and subscribed. */
  readonly alive: boolean;
}

export type WorkerReport =
  | { readonly type: 'ready' }
  | { readonly type: 'counters'; readonly counters: WorkerCounters }
  | { readonly type: 'done'; readonly id: number; readonly ok: boolean; readonly detail: string; readonly range?: { readonly from: number; readonly to: number } }
  /** The attempts of a closed publish that were still under way when it was answered have ended. */
  | { readonly type: 'closed-late'; readonly range: { readonly from: number; readonly to: number } }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly hint?: string; readonly detail?: string }
  | { readonly type: 'stopped' };
