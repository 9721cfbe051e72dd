// Resolves targets, injects, proves and heals; every edge is an entry in the timeline.
import type { Cluster, Node } from '../model/cluster.ts';
import { describeTarget } from '../model/describe-step.ts';
import { describeError, invariant, LeaderfallError } from '../model/errors.ts';
import { faultDeclarations } from '../model/fault-parameters.ts';
import type { Step, Target } from '../model/scenario.ts';
import type { TimelineDraft } from '../model/timeline.ts';
import type { ClientProcess } from '../model/workload-control.ts';
import { faults, strikesOf } from './catalogue.ts';
import type { ActiveFault, Victim } from './fault.ts';
import type { LeaderWatch, Sample } from './leader-watch.ts';

const staleMs = 400;
const leadershipMs = 30_000;
/** How long a target may have no node, as while a leader is being elected. */
const targetlessMs = 5_000;

type InjectStep = Extract<Step, { kind: 'inject' }>;
type ClientTarget = Extract<Target, { role: 'client' }>;
type NodeTarget = Exclude<Target, ClientTarget>;
type Edge = Extract<TimelineDraft, { type: 'fault' }>['edge'];

interface Active {
  readonly step: InjectStep;
  /** Names of what was struck, as they were then: a client that was replaced has another. */
  readonly names: readonly string[];
  readonly fault: ActiveFault;
}

export interface InjectorOptions {
  readonly cluster: Cluster;
  readonly watch: LeaderWatch;
  /** null: there is no such client now. */
  readonly client: (role: 'producer' | 'consumer', index: number) => ClientProcess | null;
  /** What a consumer may hold; 0: no limit. */
  readonly prefetch: number;
  readonly record: (draft: TimelineDraft) => void;
  readonly nowNs: () => number;
}

export class Injector {
  readonly #options: InjectorOptions;
  readonly #active = new Map<string, Active>();
  readonly #observers: Promise<void>[] = [];
  readonly #ended = new AbortController();

  constructor(options: InjectorOptions) {
    this.#options = options;
  }

  /** Injects and proves. @throws when the target cannot be resolved or the fault cannot be injected. */
  async inject(step: InjectStep, signal: AbortSignal): Promise<void> {
    const { cluster, nowNs } = this.#options;
    this.#tell(step, 'trigger', [], describeTarget(step.target));
    const { victim, sample } = await this.#resolve(step.target, signal);
    const names = [victim.life.id];
    this.#tell(step, 'begin', names, `${step.fault} ${victim.life.id} (${describeTarget(step.target)})`);
    const beginNs = nowNs();
    const active = await faults[step.fault].inject({ cluster, victim, parameter: (name) => this.#parameter(step, name), signal });
    this.#active.set(step.id, { step, names, fault: active });
    this.#tell(step, 'struck', names, `${step.fault} returned`);
    if (victim.kind === 'node' && sample !== null) this.#observeLeadership(step, victim.life, sample, beginNs);
    const proof = await active.prove(signal);
    this.#tell(step, 'proved', names, proof.detail, proof.ok);
  }

  /** Ends one fault. Readiness afterwards is the cluster's to judge. */
  async heal(id: string, signal: AbortSignal): Promise<void> {
    const active = this.#active.get(id);
    if (active === undefined) return;
    const { step, names, fault } = active;
    this.#tell(step, 'heal', names, `healing ${step.fault} of ${names.join(', ')}`);
    try {
      await fault.heal(signal);
      this.#active.delete(id);
      this.#tell(step, 'healed', names, `${step.fault} of ${names.join(', ')} is over`, true);
    } catch (error) {
      this.#tell(step, 'healed', names, describeError(error), false);
      throw error;
    }
  }

  /** Ends all that is still on, in reverse order; one that fails does not keep the others. */
  async healAll(signal: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    for (const id of [...this.#active.keys()].reverse()) await this.heal(id, signal).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  /** What faults left to be observed (did leadership move?) is on record when this resolves. */
  async observed(): Promise<void> {
    await Promise.all(this.#observers);
  }

  /** Gives up observing. */
  end(): void {
    this.#ended.abort();
  }

  #tell(step: InjectStep, edge: Edge, nodes: readonly string[], detail: string, ok?: boolean): void {
    this.#options.record({ type: 'fault', id: step.id, fault: step.fault, strikes: strikesOf(step), edge, nodes, detail, ...(ok === undefined ? {} : { ok }) });
  }

  /** `held` is the one parameter whose default follows from the scenario. */
  #parameter({ fault, parameters }: InjectStep, name: string): number {
    const declared = faultDeclarations[fault].parameters[name];
    invariant(declared !== undefined, `${fault} has no parameter ${name}`);
    return parameters[name] ?? (typeof declared.default === 'number' ? declared.default : Math.max(1, this.#options.prefetch));
  }

  async #resolve(target: Target, signal: AbortSignal): Promise<{ readonly victim: Victim; readonly sample: Sample | null }> {
    if (target.role === 'client') return { victim: this.#resolveClient(target), sample: null };
    const { node, sample } = await this.#resolveNode(target, signal);
    return { victim: { kind: 'node', life: node }, sample };
  }

  #resolveClient(target: ClientTarget): Victim {
    const life = this.#options.client(target.client, target.index);
    if (life === null) throw new LeaderfallError('E_SCENARIO_INVALID', `There is no ${describeTarget(target)} now`, { hint: 'Clients count from 0; consumers that start with the drain are not there during the steps.' });
    return { kind: 'client', life, between: target.between };
  }

  async #resolveNode(target: NodeTarget, signal: AbortSignal): Promise<{ readonly node: Node; readonly sample: Sample }> {
    const { watch, nowNs, cluster } = this.#options;
    if (watch.latest === null || (nowNs() - watch.latest.askedNs) / 1e6 > staleMs) await watch.refresh();
    const since = nowNs() - staleMs * 1e6;
    const known = (sample: Sample) => sample.askedNs >= since && nodeIdOf(target, sample) !== null;
    const sample = watch.latest !== null && known(watch.latest) ? watch.latest : await watch.next(since, known, AbortSignal.any([signal, AbortSignal.timeout(targetlessMs)]));
    signal.throwIfAborted();
    if (sample === null) throw new LeaderfallError('E_NOT_READY', `No node was ${describeTarget(target)} for ${targetlessMs} ms`, { hint: 'See the nodes\' logs in the run\'s folder.' });
    const id = nodeIdOf(target, sample);
    const node = cluster.nodes.find((candidate) => candidate.id === id);
    if (node === undefined) {
      throw new LeaderfallError('E_SCENARIO_INVALID', `No node is ${describeTarget(target)}`, { hint: `Nodes are ${cluster.nodes.map((candidate) => candidate.id).join(', ')}.` });
    }
    return { node, sample };
  }

  /** Leadership is known from before the strike and confirmed by what comes after: an epoch that grew by one left no room for a change in between. */
  #observeLeadership(step: InjectStep, node: Node, before: Sample, beginNs: number): void {
    if (strikesOf(step) !== 'node' || step.target.role !== 'leader') return;
    const partition = step.target.partition;
    const led = partitionOf(before, partition);
    const ageMs = Math.round((beginNs - before.askedNs) / 1e6);
    const moved = (sample: Sample) => (partitionOf(sample, partition)?.leader ?? node.id) !== node.id;
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(leadershipMs)]);
    this.#observers.push(this.#options.watch.next(this.#options.nowNs(), moved, signal).then((after) => {
      const now = after === null ? null : partitionOf(after, partition);
      const epochs = led?.epoch != null && now?.epoch != null ? now.epoch - led.epoch : null;
      const evidence = epochs === null ? '' : `; epoch went from ${led!.epoch} to ${now!.epoch}`;
      this.#options.record({
        type: 'led', id: step.id, node: node.id, partition,
        led: led?.leader === node.id && (epochs === null || epochs === 1 || now?.leader === null),
        detail: `${led?.leader ?? 'nobody'} led partition ${partition} ${ageMs} ms before the strike${evidence}; afterwards ${now?.leader ?? 'nobody else'} led`,
      });
    }));
  }
}

const partitionOf = (sample: Sample, index: number) => sample.topology.partitions.find(({ partition }) => partition === index);

function nodeIdOf(target: NodeTarget, { topology }: Sample): string | null {
  if (target.role === 'node') return target.node;
  if (target.role === 'controller') return topology.controller;
  const partition = topology.partitions.find((candidate) => candidate.partition === target.partition);
  if (target.role === 'leader') return partition?.leader ?? null;
  return partition?.inSync.find((id) => id !== partition.leader) ?? null;
}
