// A fault: one small module with inject, prove and heal. Names, parameters and targets are declared in model/fault-parameters.
import type { Cluster, Destination, Node } from '../model/cluster.ts';
import { invariant } from '../model/errors.ts';
import type { CrashPoint, FaultName } from '../model/scenario.ts';
import { throwFirst } from '../model/throw-first.ts';
import type { ClientProcess } from '../model/workload-control.ts';

export interface Proof {
  readonly ok: boolean;
  readonly detail: string;
}

/** A fault that is on. */
export interface ActiveFault {
  /** Looks at the world, not at what was asked for. */
  prove(signal: AbortSignal): Promise<Proof>;
}

/** Takes back what a fault did: all of it, a part that it came to, or nothing. Idempotent; a process that died meanwhile is not an error. */
export type Heal = (signal: AbortSignal) => Promise<void>;

/** What is struck: both are lives, and each can do more. */
export type Victim =
  | { readonly kind: 'node'; readonly life: Node }
  | { readonly kind: 'client'; readonly life: ClientProcess; readonly between: CrashPoint | null };

export interface FaultContext {
  readonly cluster: Cluster;
  readonly destination: Destination;
  /** At least one, and none twice. */
  readonly victims: readonly Victim[];
  /** Partition that the target speaks of; 0 where it speaks of none. */
  readonly partition: number;
  /** A parameter as the scenario gives it, or its default. */
  readonly parameter: (name: string) => number;
  /** Told before anything is struck, so that a fault which comes by half is healed as surely as one that is on. */
  readonly healWith: (heal: Heal) => void;
  readonly signal: AbortSignal;
}

export interface Fault {
  readonly name: FaultName;
  /** `node`: what a node serves is struck, so messages are exposed to it and redundancy is lost. Aimed at a client any fault strikes the client. */
  readonly strikes: 'node' | 'link' | 'client';
  /** Returns once the fault is on. Where it throws, what `healWith` was told takes back what was done. */
  inject(context: FaultContext): Promise<ActiveFault>;
}

/** The declaration of the fault says that only nodes are struck, and the injector keeps to it. */
export function nodesOf({ victims }: Pick<FaultContext, 'victims'>): readonly Node[] {
  return victims.map((victim) => {
    invariant(victim.kind === 'node', `${victim.life.id} is no node`);
    return victim.life;
  });
}

/** A target names one client at a time. */
export function clientOf({ victims: [victim] }: Pick<FaultContext, 'victims'>): ClientProcess {
  invariant(victim?.kind === 'client', `${victim?.life.id ?? 'nobody'} is no client`);
  return victim.life;
}

/** The same on every victim at once, and proved where each is. A failure is told when none is under way any more. */
export async function onEach<Struck>(victims: readonly Struck[], inject: (victim: Struck) => Promise<ActiveFault>): Promise<ActiveFault> {
  const begun = await Promise.allSettled(victims.map((victim) => inject(victim)));
  throwFirst(begun);
  const active = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return {
    async prove(signal) {
      const proofs = await Promise.all(active.map((one) => one.prove(signal)));
      return { ok: proofs.every(({ ok }) => ok), detail: proofs.map(({ detail }) => detail).join('; ') };
    },
  };
}

/** All are tried although one may fail. */
export async function healEach(heals: readonly Heal[], signal: AbortSignal): Promise<void> {
  throwFirst(await Promise.allSettled(heals.map((heal) => heal(signal))));
}
