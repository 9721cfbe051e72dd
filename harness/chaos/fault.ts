// A fault: one small module with inject, prove and heal.
import type { Capability, Cluster, Node } from '../model/cluster.ts';
import type { FaultName } from '../model/scenario.ts';

export interface Proof {
  readonly ok: boolean;
  readonly detail: string;
}

/** A fault that is on. */
export interface ActiveFault {
  /** Looks at the world, not at what was asked for. */
  prove(signal: AbortSignal): Promise<Proof>;
  /** Idempotent; a node that died meanwhile is not an error. */
  heal(signal: AbortSignal): Promise<void>;
}

export interface FaultContext {
  readonly cluster: Cluster;
  readonly node: Node;
  readonly signal: AbortSignal;
}

export interface Fault {
  readonly name: FaultName;
  readonly summary: string;
  readonly needs: Capability;
  /** Whether the node itself stops serving: then exposed messages, leadership and the like are asked for. */
  readonly strikesNode: boolean;
  /** Returns once the fault is on. */
  inject(context: FaultContext): Promise<ActiveFault>;
}
