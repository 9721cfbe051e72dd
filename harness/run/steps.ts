// Plays a scenario's steps: waits for counts, quiesces, publishes a closed set, injects and heals.
import { LeaderfallError } from '../model/errors.ts';
import { waitUntil } from '../model/wait.ts';
import type { Cluster, Destination } from '../model/cluster.ts';
import type { Scenario, Step } from '../model/scenario.ts';
import { describeStep } from '../model/describe-step.ts';
import type { Injector } from '../chaos/injector.ts';
import { awaitTrigger, type Observers } from './await-trigger.ts';
import type { RunContext } from './run-context.ts';

const caughtUpMs = 20_000;

export interface StepContext extends Observers {
  readonly run: RunContext;
  readonly cluster: Cluster;
  readonly destination: Destination;
  readonly injector: Injector;
}

/** What all steps together may take: each its bound, and one bound more. */
export const stepsLimitMs = ({ bounds, steps }: Pick<Scenario, 'bounds' | 'steps'>): number => bounds.stepMs * (steps.length + 1);

/** A step that is under way when the time is over says how far it came, a moment before the phase's own limit ends it. @throws LeaderfallError `E_TIMEOUT`, and what a step throws. */
export async function playSteps(context: StepContext, within: AbortSignal): Promise<string> {
  const limitMs = stepsLimitMs(context.run.plan.scenario);
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(new LeaderfallError('E_TIMEOUT', `The steps took longer than ${limitMs} ms together`, { hint: 'Raise bounds.stepMs, or look at the nodes\' logs.' })), limitMs);
  try {
    return await playAll(context, AbortSignal.any([within, over.signal]));
  } finally {
    clearTimeout(timer);
  }
}

async function playAll(context: StepContext, signal: AbortSignal): Promise<string> {
  const { record, onProgress, plan } = context.run;
  for (const [index, step] of plan.scenario.steps.entries()) {
    signal.throwIfAborted();
    onProgress({ type: 'step', text: describeStep(step) });
    record({ type: 'step', index, kind: step.kind, edge: 'begin', detail: describeStep(step) });
    const { detail, ...missed } = await playStep(context, step, signal);
    record({ type: 'step', index, kind: step.kind, edge: 'end', detail, ...missed });
  }
  return `${plan.scenario.steps.length} steps played`;
}

/** A wait that is not reached within its bound lets the others go on, so that the run shows what it can; it is no proof of anything then. */
async function playStep(context: StepContext, step: Step, signal: AbortSignal): Promise<{ readonly detail: string; readonly ok?: false }> {
  if (step.kind !== 'wait') return { detail: await actOn(context, step, signal) };
  const { fired, detail } = await awaitTrigger(context, step.trigger, context.run.plan.scenario.bounds.stepMs, signal);
  return fired ? { detail } : { detail: `not reached: ${detail}`, ok: false };
}

async function actOn(context: StepContext, step: Exclude<Step, { kind: 'wait' }>, signal: AbortSignal): Promise<string> {
  const { workforce, injector } = context;
  switch (step.kind) {
    case 'quiesce':
      return await quiesce(context, signal);
    case 'publish':
      return await publishClosed(context, step);
    case 'inject':
      await injector.inject(step, signal);
      return describeStep(step);
    case 'heal':
      await injector.heal(step.id, signal);
      return describeStep(step);
    case 'redundant':
      return await redundant(context, step.withinMs, signal);
    case 'resume':
      await workforce.resume();
      return 'producers go on';
    case 'consume':
      await workforce.start('consumer', context.run.plan.scenario.consumer.count, signal);
      return 'consumers started';
  }
}

/** Nothing under way, every replica at the log's end, and all of it on disks that could lose power: what comes next is a closed set. */
async function quiesce({ workforce, cluster, destination, run }: StepContext, signal: AbortSignal): Promise<string> {
  const { ok, detail } = await workforce.quiesce(run.plan.scenario.bounds.stepMs);
  if (!ok) throw new LeaderfallError('E_TIMEOUT', `The producers did not come to rest: ${detail}`, { hint: 'What follows would not be a closed set. Raise bounds.stepMs, or lower the client\'s own timeouts.' });
  const observe = async () => {
    const { healthy, detail: seen } = await cluster.replicasCaughtUp(destination, signal);
    return healthy ? ({ done: true, value: seen } as const) : ({ done: false, seen } as const);
  };
  const caughtUp = await waitUntil(observe, { describe: 'the replicas to reach the end of the log', timeoutMs: caughtUpMs, intervalMs: 100, signal });
  return `${detail}; ${caughtUp}${await syncDisks(cluster)}`;
}

/** Nodes without a disk of their own have nothing that a loss of power could take. */
async function syncDisks({ nodes }: Cluster): Promise<string> {
  const disks = nodes.flatMap(({ disk }) => disk ?? []);
  await Promise.all(disks.map((disk) => disk.sync()));
  return disks.length === 0 ? '' : `; ${disks.length} disks synced`;
}

/** The broker's own view of destination and nodes. @throws LeaderfallError `E_TIMEOUT`. */
async function redundant({ cluster, destination }: StepContext, withinMs: number, signal: AbortSignal): Promise<string> {
  const observe = async () => {
    const { healthy, detail: seen } = await cluster.health(destination, signal);
    return healthy ? ({ done: true, value: seen } as const) : ({ done: false, seen } as const);
  };
  return await waitUntil(observe, { describe: 'full redundancy', timeoutMs: withinMs, intervalMs: 100, signal });
}

async function publishClosed({ workforce, run }: StepContext, { count, withinMs }: Extract<Step, { kind: 'publish' }>): Promise<string> {
  const { complete, ranges } = await workforce.publishClosed(count, withinMs);
  for (const { producer, from, to } of ranges) run.record({ type: 'closed', producer, from, to, complete });
  return `${ranges.reduce((sum, { from, to }) => sum + to - from, 0)} published, ${complete ? 'all attempts ended' : `some still under way after ${withinMs} ms`}`;
}
