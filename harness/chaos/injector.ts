// Resolves targets, injects, proves and heals; every edge is an entry in the timeline.
import type { Prng } from '../model/clock.ts';
import type { Cluster, Destination, Node, NodeId, PartitionTopology, Topology } from '../model/cluster.ts';
import { describeTarget } from '../model/describe-step.ts';
import { describeError, invariant, LeaderfallError } from '../model/errors.ts';
import { faultDeclarations } from '../model/fault-parameters.ts';
import type { NodeTarget, Step, Target } from '../model/scenario.ts';
import type { TimelineDraft } from '../model/timeline.ts';
import type { ClientProcess } from '../model/workload-control.ts';
import { faults, strikesOf } from './catalogue.ts';
import { healEach, type Heal, type Victim } from './fault.ts';
import type { LeaderWatch, Sample } from './leader-watch.ts';
import { asksBroker, nodeIdsOf, type Surroundings } from './resolve-target.ts';

const staleMs = 400;
const leadershipMs = 30_000;
/** How long a target may have no node, as while a leader is being elected. */
const targetlessMs = 5_000;

type InjectStep = Extract<Step, { kind: 'inject' }>;
type ClientTarget = Extract<Target, { role: 'client' }>;
type Edge = Extract<TimelineDraft, { type: 'fault' }>['edge'];

/** A fault that is on, or that may have come by half. */
interface Active {
  readonly step: InjectStep;
  /** Names of what was struck, as they were then: a client that was replaced has another. */
  readonly names: readonly string[];
  readonly heals: readonly Heal[];
  /** Resolves when nothing more is done to inject or heal it: what ran out of its time may still be under way. */
  readonly settled: Promise<unknown>;
}

export interface InjectorOptions {
  readonly cluster: Cluster;
  readonly destination: Destination;
  readonly watch: LeaderWatch;
  /** Chooses where a target leaves a choice. */
  readonly prng: Prng;
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

  /** Injects and proves. @throws when the target cannot be resolved or the fault cannot be injected; what came of it by then is for `heal` and `healAll`. */
  async inject(step: InjectStep, signal: AbortSignal): Promise<void> {
    const { cluster, destination, nowNs } = this.#options;
    this.#tell(step, 'trigger', [], describeTarget(step.target));
    const { victims, sample } = await this.#resolve(step.target, signal);
    const names = victims.map(({ life }) => life.id);
    this.#tell(step, 'begin', names, `${step.fault} ${names.join(', ')} (${describeTarget(step.target)})`);
    const beginNs = nowNs();
    const parameter = (name: string): number => this.#parameter(step, name);
    const heals: Heal[] = [];
    const injecting = faults[step.fault].inject({ cluster, destination, victims, partition: partitionAimedAt(step.target), parameter, healWith: (heal) => heals.push(heal), signal });
    this.#active.set(step.id, { step, names, heals, settled: Promise.allSettled([injecting]) });
    const active = await injecting.catch((error: unknown) => {
      // What was never touched needs no healing.
      if (heals.length === 0) this.#active.delete(step.id);
      throw error;
    });
    this.#tell(step, 'struck', names, `${step.fault} returned`);
    if (sample !== null) this.#observeLeadership(step, sample, beginNs);
    // Out of time it may be healed already.
    signal.throwIfAborted();
    const proof = await active.prove(signal);
    this.#tell(step, 'proved', names, proof.detail, proof.ok);
  }

  /** Ends one fault. Readiness afterwards is the cluster's to judge. */
  async heal(id: string, signal: AbortSignal): Promise<void> {
    const active = this.#active.get(id);
    if (active === undefined) return;
    const { step, names, heals, settled } = active;
    this.#tell(step, 'heal', names, `healing ${step.fault} of ${names.join(', ')}`);
    try {
      await unlessAborted(settled, signal);
      const healing = healEach(heals, signal);
      this.#active.set(id, { ...active, settled: Promise.allSettled([healing]) });
      await healing;
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

  async #resolve(target: Target, signal: AbortSignal): Promise<{ readonly victims: readonly Victim[]; readonly sample: Sample | null }> {
    if (target.role === 'client') return { victims: [this.#resolveClient(target)], sample: null };
    const { nodes, sample } = await this.#resolveNodes(target, signal);
    return { victims: nodes.map((life) => ({ kind: 'node', life })), sample };
  }

  #resolveClient(target: ClientTarget): Victim {
    const life = this.#options.client(target.client, target.index);
    if (life === null) throw new LeaderfallError('E_SCENARIO_INVALID', `There is no ${describeTarget(target)} now`, { hint: 'Clients count from 0; consumers that start with the drain are not there during the steps.' });
    return { kind: 'client', life, between: target.between };
  }

  /** A target that is clear without the broker does not wait for its answer: what it said last tells who led. */
  async #resolveNodes(target: NodeTarget, signal: AbortSignal): Promise<{ readonly nodes: readonly Node[]; readonly sample: Sample | null }> {
    const { watch, nowNs, cluster, destination, prng } = this.#options;
    const isAsked = asksBroker(target);
    if (isAsked && (watch.latest === null || (nowNs() - watch.latest.askedNs) / 1e6 > staleMs)) await watch.refresh();
    const coordinator = names(target, 'coordinator') ? ((await cluster.coordinator?.(destination, signal)) ?? null) : null;
    const around: Omit<Surroundings, 'topology'> = { all: cluster.nodes.map(({ id }) => id), coordinator, choice: prng.next() };
    const idsIn = (topology: Topology) => nodeIdsOf(target, { topology, ...around });
    const sample = isAsked ? await this.#sampleWith(target, (topology) => idsIn(topology) !== null, signal) : watch.latest;
    return { nodes: this.#nodesCalled(idsIn(sample?.topology ?? nothingKnown) ?? [], target), sample };
  }

  /** @throws LeaderfallError `E_NOT_READY` where the broker does not answer, or names nobody. */
  async #sampleWith(target: NodeTarget, names: (topology: Topology) => boolean, signal: AbortSignal): Promise<Sample> {
    const { watch, nowNs } = this.#options;
    const since = nowNs() - staleMs * 1e6;
    const isFresh = (sample: Sample | null): sample is Sample => sample !== null && sample.askedNs >= since;
    const isKnown = (sample: Sample | null): sample is Sample => isFresh(sample) && names(sample.topology);
    const sample = isKnown(watch.latest) ? watch.latest : await watch.next(since, isKnown, AbortSignal.any([signal, AbortSignal.timeout(targetlessMs)]));
    signal.throwIfAborted();
    if (sample !== null) return sample;
    const why = isFresh(watch.latest) ? `No node was ${describeTarget(target)} for ${targetlessMs} ms` : `The cluster did not say for ${targetlessMs} ms who is ${describeTarget(target)}: it gave no answer`;
    throw new LeaderfallError('E_NOT_READY', why, { hint: 'See the nodes\' logs in the run\'s folder. A node by its name, random and all can be struck without an answer.' });
  }

  #nodesCalled(ids: readonly NodeId[], target: NodeTarget): readonly Node[] {
    const { cluster } = this.#options;
    const nodes = ids.flatMap((id) => cluster.nodes.find((candidate) => candidate.id === id) ?? []);
    if (nodes.length === ids.length && nodes.length > 0) return nodes;
    throw new LeaderfallError('E_SCENARIO_INVALID', `No node is ${describeTarget(target)}`, { hint: `Nodes are ${cluster.nodes.map((candidate) => candidate.id).join(', ')}.` });
  }

  /**
   * Leadership is known from before the strike and confirmed by the first change that comes after: an epoch that grew by one left no room for
   * another in between. That nobody leads is a change too where the epoch tells it, for whoever leads later may have been elected from nobody.
   * A Raft term may grow further (two members that stand at once elect nobody), so there more than one says nothing.
   */
  #observeLeadership(step: InjectStep, before: Sample, beginNs: number): void {
    const partition = partitionNamed(step.target);
    const led = partition === null ? undefined : partitionOf(before, partition);
    const node = led?.leader ?? null;
    if (strikesOf(step) !== 'node' || partition === null || node === null) return;
    const ageMs = Math.round((beginNs - before.askedNs) / 1e6);
    let first: PartitionTopology | null = null;
    const moved = (sample: Sample): boolean => {
      const now = partitionOf(sample, partition);
      if (now === undefined || now.leader === node) return false;
      if (now.leader !== null || (now.epoch ?? 0) > (led?.epoch ?? 0)) first ??= now;
      return now.leader !== null;
    };
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(leadershipMs)]);
    this.#observers.push(this.#options.watch.next(this.#options.nowNs(), moved, signal).then((after) => {
      const now = after === null ? null : partitionOf(after, partition);
      const change = first ?? now;
      const epochs = led?.epoch != null && change?.epoch != null ? change.epoch - led.epoch : null;
      const evidence = epochs === null ? '' : `; epoch went from ${led!.epoch} to ${change!.epoch}${change!.leader === null ? ' and nobody led' : ''}`;
      this.#options.record({
        type: 'led', id: step.id, node, partition,
        led: led?.leader === node && (epochs === null || epochs === 1 || (epochs > 1 && led.epochIsTerm === true)),
        detail: `${led?.leader ?? 'nobody'} led partition ${partition} ${ageMs} ms before the strike${evidence}; afterwards ${now?.leader ?? 'nobody else'} led`,
      });
    }));
  }
}

/** What is under way would strike again what was healed beside it. */
async function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const nothingKnown: Topology = { partitions: [], controller: null, alive: [] };

const partitionOf = (sample: Sample, index: number) => sample.topology.partitions.find(({ partition }) => partition === index);

/** 0 where the target speaks of none. */
const partitionAimedAt = (target: Target): number => partitionNamed(target) ?? ('partition' in target ? target.partition : 0);

/** The partition whose leader is aimed at, alone or with others; null: the target speaks of no leader. */
function partitionNamed(target: Target): number | null {
  if (target.role === 'leader') return target.partition;
  if (target.role !== 'together') return null;
  return target.targets.map(partitionNamed).find((partition) => partition !== null) ?? null;
}

const names = (target: NodeTarget, role: NodeTarget['role']): boolean =>
  target.role === role || (target.role === 'together' && target.targets.some((one) => names(one, role)));
