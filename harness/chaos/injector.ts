// Resolves targets, injects, proves and heals; every edge is an entry in the timeline.
import type { Cluster, Destination, Node } from '../model/cluster.ts';
import { describeError, LeaderfallError } from '../model/errors.ts';
import type { Step, Target } from '../model/scenario.ts';
import type { TimelineDraft } from '../model/timeline.ts';
import { faults } from './catalogue.ts';
import type { ActiveFault, Fault } from './fault.ts';
import type { LeaderWatch, Sample } from './leader-watch.ts';

const staleMs = 400;
const leadershipMs = 30_000;
/** How long a target may have no node, as while a leader is being elected. */
const targetlessMs = 5_000;

type InjectStep = Extract<Step, { kind: 'inject' }>;

interface Active {
  readonly step: InjectStep;
  readonly node: Node;
  readonly fault: ActiveFault;
}

export interface InjectorOptions {
  readonly cluster: Cluster;
  readonly destination: Destination;
  readonly watch: LeaderWatch;
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
    const { cluster, record, nowNs } = this.#options;
    const fault = faults[step.fault];
    const tell = (edge: 'trigger' | 'begin' | 'struck' | 'proved', nodes: readonly string[], detail: string, ok?: boolean) =>
      record({ type: 'fault', id: step.id, fault: step.fault, edge, nodes, detail, ...(ok === undefined ? {} : { ok }) });
    tell('trigger', [], describeTarget(step.target));
    const { node, sample } = await this.#resolve(step.target, signal);
    tell('begin', [node.id], `${step.fault} ${node.id} (${describeTarget(step.target)})`);
    const beginNs = nowNs();
    const active = await fault.inject({ cluster, node, signal });
    this.#active.set(step.id, { step, node, fault: active });
    tell('struck', [node.id], `${step.fault} returned`);
    this.#observeLeadership(step, fault, node, sample, beginNs);
    const proof = await active.prove(signal);
    tell('proved', [node.id], proof.detail, proof.ok);
  }

  /** Ends one fault. Readiness afterwards is the cluster's to judge. */
  async heal(id: string, signal: AbortSignal): Promise<void> {
    const active = this.#active.get(id);
    if (active === undefined) return;
    const { step, node, fault } = active;
    const { record } = this.#options;
    record({ type: 'fault', id, fault: step.fault, edge: 'heal', nodes: [node.id], detail: `healing ${step.fault} of ${node.id}` });
    try {
      await fault.heal(signal);
      this.#active.delete(id);
      record({ type: 'fault', id, fault: step.fault, edge: 'healed', nodes: [node.id], detail: `${step.fault} of ${node.id} is over`, ok: true });
    } catch (error) {
      record({ type: 'fault', id, fault: step.fault, edge: 'healed', nodes: [node.id], detail: describeError(error), ok: false });
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

  async #resolve(target: Target, signal: AbortSignal): Promise<{ readonly node: Node; readonly sample: Sample }> {
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
  #observeLeadership(step: InjectStep, fault: Fault, node: Node, before: Sample, beginNs: number): void {
    if (!fault.strikesNode || step.target.role !== 'leader') return;
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

function nodeIdOf(target: Target, { topology }: Sample): string | null {
  if (target.role === 'node') return target.node;
  if (target.role === 'controller') return topology.controller;
  const partition = topology.partitions.find((candidate) => candidate.partition === target.partition);
  if (target.role === 'leader') return partition?.leader ?? null;
  return partition?.inSync.find((id) => id !== partition.leader) ?? null;
}

export function describeTarget(target: Target): string {
  if (target.role === 'node') return target.node;
  if (target.role === 'controller') return 'the controller';
  return `${target.role} of partition ${target.partition}`;
}
