// Triggers that count from an edge of another fault: what happened since then counts, what happened before does not.
import { expect, test } from 'vitest';
import type { TimelineDraft } from '../model/timeline.ts';
import type { Counters } from '../model/workload-control.ts';
import type { LeaderWatch } from '../chaos/leader-watch.ts';
import { awaitTrigger } from './await-trigger.ts';
import { FaultMarks } from './fault-marks.ts';
import type { Workforce } from './workforce.ts';

const never = new AbortController().signal;
const none: Counters = { attempted: 0, acknowledged: 0, handedOver: 0, failed: 0, indeterminate: 0, outstanding: 0, delivered: 0, processed: 0 };
const edge = (id: string, at: 'begin' | 'struck' | 'healed'): TimelineDraft => ({ type: 'fault', id, fault: 'kill', strikes: 'node', edge: at, nodes: [], detail: '' });

/** Acknowledged messages and time as the test sets them; the workforce remembers from where it was asked to count. */
function world() {
  const now = { acknowledged: 0, timeNs: 0 };
  const counters = (): Counters => ({ ...none, acknowledged: now.acknowledged });
  const asked: { elapsedMs: number | undefined; before: number }[] = [];
  const workforce = {
    get counters() { return counters(); },
    until: async ({ elapsedMs }: { elapsedMs?: number }, _: number, __: AbortSignal, before: Counters) => { asked.push({ elapsedMs, before: before.acknowledged }); return { fired: true, detail: '' }; },
  } as unknown as Workforce;
  const marks = new FaultMarks(() => ({ counters: counters(), timeNs: now.timeNs }));
  return { now, asked, marks, observers: { workforce, marks, watch: {} as LeaderWatch, nowNs: () => now.timeNs } };
}

test('counts run from the edge, and the time that has passed since is taken off', async () => {
  const { now, asked, marks, observers } = world();
  Object.assign(now, { acknowledged: 100, timeNs: 1e9 });
  marks.note(edge('first', 'begin'));
  Object.assign(now, { acknowledged: 150, timeNs: 1.4e9 });
  marks.note(edge('first', 'struck'));
  marks.note(edge('first', 'healed'));
  Object.assign(now, { acknowledged: 190, timeNs: 3e9 });
  await awaitTrigger(observers, { acknowledged: 60, elapsedMs: 5_000, since: { fault: 'first', edge: 'begin' } }, 10_000, never);
  await awaitTrigger(observers, { elapsedMs: 1_000, since: { fault: 'first', edge: 'end' } }, 10_000, never);
  await awaitTrigger(observers, { acknowledged: 60 }, 10_000, never);
  expect(asked).toEqual([{ elapsedMs: 3_000, before: 100 }, { elapsedMs: 0, before: 150 }, { elapsedMs: undefined, before: 190 }]);
});

test('an edge that has not come is refused, with what to do', async () => {
  const { marks, observers } = world();
  marks.note(edge('first', 'begin'));
  const wait = (fault: string, at: 'begin' | 'end') => awaitTrigger(observers, { elapsedMs: 1, since: { fault, edge: at } }, 10, never);
  await expect(wait('first', 'end')).rejects.toMatchObject({ code: 'E_SCENARIO_INVALID', message: 'first has not ended yet, so nothing can be counted from there' });
  await expect(wait('second', 'begin')).rejects.toThrow('second has not begun yet');
});
