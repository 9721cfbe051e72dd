// A fault: one small module with inject, prove and heal. Names, parameters and targets are declared in model/fault-parameters.
import type { Capability, Cluster, Node } from '../model/cluster.ts';
import { invariant } from '../model/errors.ts';
import type { CrashPoint, FaultName } from '../model/scenario.ts';
import type { ClientProcess } from '../model/workload-control.ts';

export interface Proof {
  readonly ok: boolean;
  readonly detail: string;
}

/** A fault that is on. */
export interface ActiveFault {
  /** Looks at the world, not at what was asked for. */
  prove(signal: AbortSignal): Promise<Proof>;
  /** Idempotent; a process that died meanwhile is not an error. */
  heal(signal: AbortSignal): Promise<void>;
}

/** What is struck: both are lives, and each can do more. */
export type Victim =
  | { readonly kind: 'node'; readonly life: Node }
  | { readonly kind: 'client'; readonly life: ClientProcess; readonly between: CrashPoint | null };

export interface FaultContext {
  readonly cluster: Cluster;
  readonly victim: Victim;
  /** A parameter as the scenario gives it, or its default. */
  readonly parameter: (name: string) => number;
  readonly signal: AbortSignal;
}

export interface Fault {
  readonly name: FaultName;
  /** What a cluster must offer for its nodes to be struck; null where nodes are never struck. */
  readonly needs: Capability | null;
  /** `node`: the process itself stops serving: exposed messages, leadership and the like are asked for. Aimed at a client any fault strikes the client. */
  readonly strikes: 'node' | 'link' | 'client';
  /** Returns once the fault is on. */
  inject(context: FaultContext): Promise<ActiveFault>;
}

/** The declaration of the fault says that only nodes are struck, and the injector keeps to it. */
export function nodeOf({ victim }: FaultContext): Node {
  invariant(victim.kind === 'node', `${victim.life.id} is no node`);
  return victim.life;
}

export function clientOf({ victim }: FaultContext): ClientProcess {
  invariant(victim.kind === 'client', `${victim.life.id} is no client`);
  return victim.life;
}
