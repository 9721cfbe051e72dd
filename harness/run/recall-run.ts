// What a run's folder still tells about the run itself where its record was never written, or is gone.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorCode } from '../model/errors.ts';
import type { RunError, RunRecord } from '../model/run-record.ts';
import type { Phase, Plan } from '../model/scenario.ts';
import type { TimelineEntry } from '../model/timeline.ts';
import type { RecordParts } from './run-record.ts';

type Recalled = Pick<RecordParts, 'error' | 'startedAt' | 'durationMs' | 'phases' | 'repetition' | 'logs'>;

/** Phases come from the timeline; a run whose teardown is not in it was cut off by something that left no word, and one with a failed phase by that phase's error. */
export function recallRun(folder: string, plan: Plan, timeline: readonly TimelineEntry[]): Recalled {
  const endMs = timeline.reduce((latest, { timeNs }) => Math.max(latest, timeNs), 0) / 1e6;
  const phases = phasesOf(timeline, endMs);
  const logs = join(folder, 'logs');
  return {
    error: timeline.some((entry) => entry.type === 'phase' && entry.phase === 'teardown' && entry.edge === 'end') ? failureOf(phases, timeline) : cutOff(phases.at(-1)?.phase ?? null),
    startedAt: new Date(plan.createdAt),
    durationMs: endMs,
    phases,
    repetition: Number(/-r(\d+)$/.exec(plan.runId)?.[1] ?? 1),
    logs: existsSync(logs) ? readdirSync(logs).sort().map((file) => join('logs', file)) : [],
  };
}

function phasesOf(timeline: readonly TimelineEntry[], endMs: number): RunRecord['phases'] {
  return timeline.flatMap((begin) => {
    if (begin.type !== 'phase' || begin.edge !== 'begin') return [];
    const { phase } = begin;
    const end = timeline.find((entry) => entry.type === 'phase' && entry.phase === phase && entry.edge === 'end' && entry.timeNs >= begin.timeNs);
    const beginMs = begin.timeNs / 1e6;
    if (end?.type !== 'phase') return [{ phase, beginMs, endMs, ok: false, detail: 'the run was cut off in this phase' }];
    return [{ phase, beginMs, endMs: end.timeNs / 1e6, ok: end.ok !== false, detail: end.detail ?? '' }];
  });
}

/** The first failed phase speaks, as it did then; only its kind has to be inferred, for a timeline has no error codes. */
function failureOf(phases: RunRecord['phases'], timeline: readonly TimelineEntry[]): RunError | null {
  const failed = phases.find(({ ok }) => !ok);
  if (failed === undefined) return null;
  return { code: codeOf(failed, timeline), message: failed.detail, hint: 'The run\'s record is gone: this is what its timeline says.', detail: null, phase: failed.phase };
}

function codeOf({ phase, detail }: RunRecord['phases'][number], timeline: readonly TimelineEntry[]): ErrorCode {
  if (/interrupted/i.test(detail)) return 'E_INTERRUPTED';
  if (timeline.some((entry) => entry.type === 'worker' && entry.edge === 'died')) return 'E_WORKER_DIED';
  return phase === 'provision' ? 'E_NOT_READY' : 'E_TIMEOUT';
}

const cutOff = (phase: Phase | null): RunError => ({
  code: 'E_INTERRUPTED', message: 'The run was cut off before its record was written', hint: 'What was recorded until then is judged; run it again for a verdict.', detail: null, phase,
});
