// The world of one run: cluster, destination, workers, watch and faults; one method a phase.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { consumerCloseMs } from '../model/client.ts';
import type { Cluster, Destination } from '../model/cluster.ts';
import { describeError, invariant, isLeaderfallError, LeaderfallError } from '../model/errors.ts';
import { untilAborted, waitUntil, type Observation } from '../model/wait.ts';
import { describeTrigger } from '../model/describe-step.ts';
import { faultDeclarations } from '../model/fault-parameters.ts';
import { seededPrng } from '../model/clock.ts';
import type { Scenario } from '../model/scenario.ts';
import { strikesOf } from '../chaos/catalogue.ts';
import { Injector } from '../chaos/injector.ts';
import { sustainedSuccesses } from '../checkers/availability.ts';
import { LeaderWatch } from '../chaos/leader-watch.ts';
import { runFiles } from '../history/segment-format.ts';
import type { WorkerSetup } from '../workload/protocol.ts';
import { audit } from './audit.ts';
import { awaitTrigger, type Observers } from './await-trigger.ts';
import type { ClusterPool } from './cluster-pool.ts';
import { FaultMarks } from './fault-marks.ts';
import type { RunContext } from './run-context.ts';
import { playSteps } from './steps.ts';
import { Workforce, type Role } from './workforce.ts';

/** Messages asked for after healing: more than one lucky send, and to each partition as many publishes as the availability checker wants in a row. */
const probeCount = ({ producer: { batch }, destination: { partitions } }: Scenario): number => Math.max(25, sustainedSuccesses * batch * partitions);
const resendGraceMs = 10_000;
const logsMs = 20_000;
const interruptedLogsMs = 4_000;
const countersEveryMs = 250;

export class Stage {
  cluster: Cluster | null = null;
  logs: readonly string[] = [];
  readonly #run: RunContext;
  readonly #pool: ClusterPool;
  readonly #workforce: Workforce;
  readonly #marks: FaultMarks;
  #destination: Destination | null = null;
  #watch: LeaderWatch | null = null;
  #injector: Injector | null = null;
  #healed = true;
  #ticker: NodeJS.Timeout | undefined;

  constructor(run: RunContext, pool: ClusterPool) {
    this.#run = run;
    this.#pool = pool;
    this.#workforce = new Workforce({ record: run.record, setupOf: (role, index) => this.#setup(role, index) });
    this.#marks = new FaultMarks(() => ({ counters: this.#workforce.counters, timeNs: run.clock.nowNs() }));
  }

  /** Workers that ended by themselves. */
  get died(): readonly string[] {
    return this.#workforce.dead;
  }

  /** Workers that a fault killed. */
  get killed(): readonly string[] {
    return this.#workforce.killed;
  }

  /** Names of the workers that were started. */
  get workers(): readonly string[] {
    return this.#workforce.names;
  }

  /** A worker's own reason for giving up, such as a full disk. */
  get failure(): LeaderfallError | null {
    return this.#workforce.failure;
  }

  async provision(signal: AbortSignal): Promise<string> {
    const { scenario, runTag } = this.#run.plan;
    const { cluster, fresh } = await this.#pool.acquire(scenario.cluster, signal);
    this.cluster = cluster;
    signal.throwIfAborted();
    this.#refuseImpossible(cluster);
    this.#destination = await cluster.createDestination({ name: `leaderfall-${runTag}`, ...scenario.destination }, signal);
    // Teardown may have passed already: nothing that polls is begun after it.
    signal.throwIfAborted();
    this.#watch = new LeaderWatch(cluster, this.#destination, this.#run.record, this.#run.clock.nowNs);
    await this.#watch.start();
    this.#injector = new Injector({
      cluster, destination: this.#destination, watch: this.#watch, prng: seededPrng(this.#run.plan.seed).fork('targets'), nowNs: this.#run.clock.nowNs,
      client: (role, index) => this.#workforce.client(role, index), prefetch: scenario.consumer.prefetch,
      record: (draft) => { this.#marks.note(draft); this.#run.record(draft); },
    });
    const consumers = scenario.consumer.start === 'steady' ? this.#workforce.start('consumer', scenario.consumer.count, signal) : null;
    await Promise.all([consumers, this.#workforce.start('producer', scenario.producer.count, signal)]);
    this.#ticker = setInterval(() => this.#tellCounters(), countersEveryMs);
    return `${fresh ? 'a new' : 'the shared'} cluster of ${cluster.nodes.length} × ${cluster.broker} ${cluster.version}, ${this.#destination.name}`;
  }

  async steady(signal: AbortSignal): Promise<string> {
    const { steady, bounds } = this.#run.plan.scenario;
    await this.#workforce.resume();
    const { fired, detail } = await awaitTrigger(this.#observers(), steady, bounds.steadyMs, signal);
    if (!fired) throw new LeaderfallError('E_TIMEOUT', `Traffic was not healthy before any fault: waited for ${describeTrigger(steady)}, ${detail}`, { hint: 'Look at the client errors in the report and at the nodes\' logs.' });
    return detail;
  }

  async chaos(signal: AbortSignal): Promise<string> {
    const { cluster, destination, injector } = this.#provisioned();
    this.#healed = false;
    return await playSteps({ run: this.#run, cluster, destination, injector, ...this.#observers() }, signal);
  }

  /** Ends every fault and waits until the broker itself says that its nodes are back. */
  async heal(signal: AbortSignal): Promise<string> {
    const { cluster, injector } = this.#provisioned();
    await injector.healAll(signal);
    // An interrupted run's cluster is removed: what it would take to make it ready again is not waited for.
    if (this.#run.signal.aborted) return 'faults ended; the cluster is removed';
    const byHand = await cluster.heal(signal);
    const healthy = await this.#untilHealthy(null, signal);
    const detail = byHand === null ? healthy : `${healthy}; ${byHand}`;
    await Promise.all([this.#workforce.ready('producer', signal), this.#workforce.ready('consumer', signal)]);
    this.#healed = true;
    return detail;
  }

  /** Full redundancy, and traffic that is acknowledged again. */
  async recover(signal: AbortSignal): Promise<string> {
    const { destination, injector } = this.#provisioned();
    const { scenario } = this.#run.plan;
    const { bounds, steps } = scenario;
    // A queue that is full on purpose would never take the probe, and without a fault there is nothing to come back from.
    if (steps.every(({ kind }) => kind !== 'inject')) return await this.#untilHealthy(destination, signal);
    await this.#workforce.resume();
    const wanted = probeCount(scenario);
    const probe = this.#workforce.until({ acknowledged: wanted, handedOver: wanted }, bounds.recoverMs, signal);
    probe.catch(() => {});
    const redundant = await this.#untilHealthy(destination, signal);
    for (const step of steps) {
      if (step.kind === 'inject' && strikesOf(step) === 'node') this.#run.record({ type: 'redundant', id: step.id, detail: redundant });
    }
    const { fired, detail } = await probe;
    injector.end();
    await injector.observed();
    return `${redundant}; ${fired ? detail : `fewer than ${wanted} successes: ${detail}`}`;
  }

  async drain(signal: AbortSignal): Promise<string> {
    const { cluster, destination } = this.#provisioned();
    const { scenario } = this.#run.plan;
    await untilAborted(this.#workforce.stop('producer', resendGraceMs), signal, 'the producers to end');
    for (const range of this.#workforce.closedLate) this.#run.record({ type: 'closed', ...range, complete: true });
    // They are there already where they started with the traffic, or at a step of their own that was reached.
    if (this.#workforce.client('consumer', 0) === null) await this.#workforce.start('consumer', scenario.consumer.count, signal);
    // What the broker counts as settled may still be in a consumer's hands (automatic settling, or before processing): two looks in a row must agree.
    let deliveredBefore = -1;
    const observe = async (): Promise<Observation<{ readonly conclusive: boolean; readonly detail: string }>> => {
      const dead = this.#workforce.dead.filter((name) => name.startsWith('consumer'));
      if (dead.length > 0) return { done: true, value: { conclusive: false, detail: `${dead.join(', ')} ended by itself` } };
      const { done, detail } = await cluster.drained(destination, signal);
      const alive = this.#workforce.consumersAlive();
      const { delivered } = this.#workforce.counters;
      const still = delivered === deliveredBefore && this.#workforce.held === 0;
      deliveredBefore = delivered;
      if (done && alive && still) return { done: true, value: { conclusive: true, detail } };
      return { done: false, seen: `${detail}${alive ? '' : '; not every consumer is alive'}${still ? '' : `; consumers hold ${this.#workforce.held}`}` };
    };
    try {
      const drained = await waitUntil(observe, { describe: 'the consumers to have everything', timeoutMs: scenario.bounds.drainMs, intervalMs: 100, signal });
      this.#run.record({ type: 'drain', ...drained });
      return drained.detail;
    } catch (error) {
      this.#run.record({ type: 'drain', conclusive: false, detail: describeError(error) });
      throw error;
    }
  }

  /** Consumers close first: what they have in hand must not be read, or taken, beside them. */
  async audit(signal: AbortSignal): Promise<string> {
    const { cluster, destination } = this.#provisioned();
    try {
      await untilAborted(this.#workforce.stop('consumer', consumerCloseMs), signal, 'the consumers to close');
      return await audit(this.#run, cluster, destination, signal);
    } catch (error) {
      this.#run.record({ type: 'audit', conclusive: false, detail: describeError(error), records: 0, positions: { partitions: [] } });
      if (isLeaderfallError(error) || signal.aborted) throw error;
      throw new LeaderfallError('E_NOT_READY', `The audit was cut short: ${describeError(error)}`, { hint: 'Look at the nodes\' logs; raise bounds.auditMs if it needs more time.', cause: error });
    }
  }

  /**
   * Watch and workers first, so that logs have the last of what they did; then logs and destination. A cluster that could not be healed is not used
   * again, which is said first: a teardown that hits its bound goes on beside the next run.
   */
  async teardown(signal: AbortSignal): Promise<string> {
    const reusable = this.#healed && !this.#run.signal.aborted && !this.#destroyed;
    if (this.cluster !== null && !reusable) this.#pool.retire(this.cluster);
    clearInterval(this.#ticker);
    this.#tellCounters();
    const folder = join(this.#run.folder, 'logs');
    mkdirSync(folder, { recursive: true });
    this.#injector?.end();
    await this.#watch?.[Symbol.asyncDispose]();
    await this.#workforce[Symbol.asyncDispose]();
    if (this.cluster === null) return 'there was no cluster';
    const incomplete = await this.#collectLogs(this.cluster, folder, signal);
    if (this.#destination !== null && reusable && !this.#run.keep) await this.cluster.deleteDestination(this.#destination, signal).catch(() => {});
    if (!reusable) await this.#pool.discard(this.cluster);
    return [`${this.logs.length} logs kept`, ...incomplete].join('; ');
  }

  /** @returns which logs are not whole, and why. */
  async #collectLogs(cluster: Cluster, folder: string, signal: AbortSignal): Promise<readonly string[]> {
    const timeUp = AbortSignal.timeout(this.#run.signal.aborted ? interruptedLogsMs : logsMs);
    const { files, incomplete } = await cluster.collectLogs(folder, AbortSignal.any([signal, timeUp]));
    this.logs = files;
    for (const { node, reason } of incomplete) this.#run.record({ type: 'note', source: node, message: `its log is not whole: ${reason}` });
    return incomplete.map(({ node, reason }) => `the log of ${node} is not whole: ${reason}`);
  }

  /** A cluster whose disks failed is whole by its own word only: what it serves next would be judged on what may be left of that. */
  get #destroyed(): boolean {
    return this.#run.plan.scenario.steps.some((step) => step.kind === 'inject' && faultDeclarations[step.fault].family === 'storage');
  }

  #provisioned(): { readonly cluster: Cluster; readonly destination: Destination; readonly injector: Injector } {
    invariant(this.cluster !== null && this.#destination !== null && this.#injector !== null, 'a phase after provision began without a cluster');
    return { cluster: this.cluster, destination: this.#destination, injector: this.#injector };
  }

  #observers(): Observers {
    invariant(this.#watch !== null, 'a phase after provision began without a watch');
    return { workforce: this.#workforce, watch: this.#watch, nowNs: this.#run.clock.nowNs, marks: this.#marks };
  }

  #refuseImpossible(cluster: Cluster): void {
    for (const step of this.#run.plan.scenario.steps) {
      if (step.kind !== 'inject' || step.target.role === 'client') continue;
      const { needs } = faultDeclarations[step.fault];
      if (needs === null || cluster.capabilities.has(needs)) continue;
      const why = cluster.lacking?.[needs] ?? `this ${cluster.broker} cluster does not offer it`;
      throw new LeaderfallError('E_CAPABILITY', `not runnable here: ${step.fault} needs ${needs}: ${why}`, { hint: 'Run `leaderfall doctor` to see why.' });
    }
  }

  #setup(role: Role, index: number): WorkerSetup {
    const { cluster, destination } = this.#provisioned();
    const { plan, folder, originNs, wallOriginMs } = this.#run;
    return {
      name: `${role}-${index}`, role, index, segments: runFiles(folder).segments, runTag: plan.runTag, originNs, wallOriginMs,
      connection: cluster.connection(), destination, destinationSpec: plan.scenario.destination, leader: this.#watch?.partition(0)?.leader ?? null,
      producer: plan.scenario.producer, consumer: plan.scenario.consumer, payloadBytes: plan.scenario.payloadBytes, stalled: false,
    };
  }

  async #untilHealthy(destination: Destination | null, signal: AbortSignal): Promise<string> {
    const { cluster } = this.#provisioned();
    const observe = async () => {
      const { healthy, detail } = await cluster.health(destination, signal);
      return healthy ? ({ done: true, value: detail } as const) : ({ done: false, seen: detail } as const);
    };
    const timeoutMs = destination === null ? this.#run.plan.scenario.bounds.healMs : this.#run.plan.scenario.bounds.recoverMs;
    return await waitUntil(observe, { describe: destination === null ? 'all nodes to be back' : 'full redundancy', timeoutMs, intervalMs: 100, signal });
  }

  #tellCounters(): void {
    this.#run.onProgress({ type: 'counters', counters: this.#workforce.counters, atMs: this.#run.clock.nowNs() / 1e6 });
  }
}
