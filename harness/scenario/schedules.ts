// Schedules: several faults written as one step. They become plain steps before anything else looks, so that plan and report show every one.
import { z } from 'zod';
import { describeStep } from '../model/describe-step.ts';
import { seededPrng, type Prng } from '../model/clock.ts';
import { faultDeclarations } from '../model/fault-parameters.ts';
import { faultNames, type FaultName, type NodeTarget, type Step, type Trigger } from '../model/scenario.ts';
import type { Path, Problem } from './problem.ts';

/** Faults that strike one node, by their names: the others cannot be part of a storm, nor can those that are aimed at a leader, at replicas or at all nodes. */
const nodeFaults = faultNames.filter((name) => faultDeclarations[name].strikes.includes('node') && faultDeclarations[name].family !== 'leadership' && name !== 'partition-ring');
/** What a storm is made of where nobody says: a fault that ends or freezes one node, whatever the broker. */
const stormFaults = ['kill', 'stop', 'pause', 'restart'] as const satisfies readonly FaultName[];
const chaseBetween: Trigger = { attempted: 500, elapsedMs: 15_000 };
const [shortestPauseMs, longestPauseMs] = [500, 3_000];
const redundantMs = 60_000;

/** @param trigger the schema of a wait. */
export function scheduleShapes(trigger: z.ZodType) {
  const prefix = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and -').optional();
  return {
    rolling: z.strictObject({
      fault: z.enum(['stop', 'kill', 'restart']).default('restart').describe('what each node in turn goes through; it is started again at once'),
      redundant: z.boolean().describe('true: the next node waits until the broker itself says that everything is back and in sync; false: it does not, the unsafe twin'),
      between: trigger.optional().describe('waited for between two nodes, after redundancy; default: nothing'),
      as: prefix.describe('the faults are called so, with a number; default: rolling'),
    }),
    chase: z.strictObject({
      times: z.int().min(1).max(20).describe('how many leaders of partition 0 are killed, one after the other, each started again at once'),
      between: trigger.optional().describe('waited for after each; default: 500 attempted or 15 s'),
      as: prefix.describe('as above; default: chase'),
    }),
    storm: z.strictObject({
      seed: z.union([z.string().min(1), z.int()]).describe('chooses faults, nodes and pauses: the same seed gives the same steps'),
      times: z.int().min(1).max(50).describe('how many faults, one after the other'),
      faults: z.array(z.enum(nodeFaults)).min(1).default([...stormFaults]).describe(`what is chosen from; default: ${stormFaults.join(', ')}`),
      between: trigger.optional().describe('waited for while a fault is on; default: 0.5 to 3 s, by the seed'),
      as: prefix.describe('as above; default: storm'),
    }),
  };
}

type Shapes = ReturnType<typeof scheduleShapes>;
type Rolling = z.output<Shapes['rolling']>;
type Chase = z.output<Shapes['chase']>;
type Storm = z.output<Shapes['storm']>;
export type ParsedSchedule = { readonly rolling: Rolling } | { readonly chase: Chase } | { readonly storm: Storm };

/** Nodes in the cluster's order, as the cluster will call them. */
export type NodeNames = readonly string[];

export const isSchedule = (step: unknown): step is ParsedSchedule =>
  typeof step === 'object' && step !== null && ['rolling', 'chase', 'storm'].some((key) => key in step);

export function expandSchedule(schedule: ParsedSchedule, nodes: NodeNames): readonly Step[] {
  if ('rolling' in schedule) return rolling(schedule.rolling, nodes);
  return 'chase' in schedule ? chase(schedule.chase) : storm(schedule.storm, nodes);
}

const inject = (fault: FaultName, id: string, target: NodeTarget): Step => ({ kind: 'inject', fault, id, target, parameters: {} });
const heal = (id: string): Step => ({ kind: 'heal', id });
const waitFor = (trigger: unknown): readonly Step[] => (trigger === undefined ? [] : [{ kind: 'wait', trigger: trigger as Trigger }]);

function rolling({ fault, redundant, between, as = 'rolling' }: Rolling, nodes: NodeNames): readonly Step[] {
  return nodes.flatMap((node, index) => {
    const id = `${as}-${index + 1}`;
    const safe: readonly Step[] = redundant ? [{ kind: 'redundant', withinMs: redundantMs }] : [];
    return [inject(fault, id, { role: 'node', node }), heal(id), ...safe, ...(index === nodes.length - 1 ? [] : waitFor(between))];
  });
}

/** Whoever leads by then is the next: the wait gives the broker the time to have chosen. */
function chase({ times, between = chaseBetween, as = 'chase' }: Chase): readonly Step[] {
  return Array.from({ length: times }, (_, index) => `${as}-${index + 1}`).flatMap((id) => [inject('kill', id, { role: 'leader', partition: 0 }), heal(id), ...waitFor(between)]);
}

function storm({ seed, times, faults, between, as = 'storm' }: Storm, nodes: NodeNames): readonly Step[] {
  const prng = seededPrng(`storm/${seed}`);
  return Array.from({ length: times }, (_, index) => `${as}-${index + 1}`).flatMap((id) => {
    const fault = oneOf(faults, prng);
    const node = oneOf(nodes, prng);
    const pauseMs = Math.round(shortestPauseMs + prng.next() * (longestPauseMs - shortestPauseMs));
    return [inject(fault, id, { role: 'node', node }), ...waitFor(between ?? { elapsedMs: pauseMs }), heal(id)];
  });
}

const oneOf = <Item>(items: readonly Item[], prng: Prng): Item => items[Math.floor(prng.next() * items.length)]!;

/** Plain steps, each with the place of the step that was written for it. */
export interface Expanded {
  readonly steps: readonly Step[];
  /** Index of the written step, by index of the plain one. */
  readonly origins: readonly number[];
}

export function expandSteps<Written>(written: readonly Written[], nodes: NodeNames, plain: (step: Exclude<Written, ParsedSchedule>) => Step): Expanded {
  const parts = written.map((step) => (isSchedule(step) ? expandSchedule(step, nodes) : [plain(step as Exclude<Written, ParsedSchedule>)]));
  return { steps: parts.flat(), origins: parts.flatMap((steps, index) => steps.map(() => index)) };
}

/** A problem of a plain step is shown where its schedule was written, and names the step that it became. */
export function atWritten(problem: Problem, { steps, origins }: Expanded, written: readonly unknown[]): Problem {
  const [first, index, ...rest] = problem.path;
  if (first !== 'steps' || typeof index !== 'number') return problem;
  const origin = origins[index] ?? index;
  const step = written[origin];
  if (!isSchedule(step)) return { ...problem, path: ['steps', origin, ...rest] };
  const path: Path = ['steps', origin, Object.keys(step)[0]!];
  return { ...problem, path, message: `becomes "${describeStep(steps[index]!)}": ${problem.message}` };
}
