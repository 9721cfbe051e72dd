import { expect, test } from 'vitest';
import type { ProgressEvent } from '../../model/progress.ts';
import type { RunRecord, SuiteRecord } from '../../model/run-record.ts';
import { createLiveView } from './live-view.ts';

const counters = { attempted: 1_300, acknowledged: 1_204, handedOver: 0, failed: 0, indeterminate: 3, outstanding: 16, delivered: 1_190, processed: 1_180 };

/** What a run tells, with the milliseconds at which it does. */
const events: readonly (readonly [number, ProgressEvent])[] = [
  [0, { type: 'suite-begin', suiteId: '20261123T140506Z-77', folder: 'reports/runs/x', seed: 'ab12cd34', scenarios: ['kafka/a'] }],
  [10, { type: 'scenario-begin', name: 'kafka/a', title: 'A leader dies', index: 0, count: 2, repetition: 1 }],
  [20, { type: 'phase', phase: 'provision', edge: 'begin', ok: true, detail: '' }],
  [4_000, { type: 'message', text: 'image kafka:4.1 built' }],
  [12_345, { type: 'phase', phase: 'provision', edge: 'end', ok: true, detail: '' }],
  [12_400, { type: 'phase', phase: 'chaos', edge: 'begin', ok: true, detail: '' }],
  [12_500, { type: 'step', text: 'wait for 1000 acknowledged' }],
  [13_000, { type: 'counters', counters, atMs: 600 }],
  [14_000, { type: 'fault', id: 'k1', fault: 'kill', edge: 'trigger', nodes: [], detail: 'leader of partition 0' }],
  [14_010, { type: 'fault', id: 'k1', fault: 'kill', edge: 'begin', nodes: ['kafka-2'], detail: 'kill kafka-2' }],
  [14_100, { type: 'fault', id: 'k1', fault: 'kill', edge: 'struck', nodes: ['kafka-2'], detail: 'kill returned' }],
  [17_000, { type: 'leader', partition: 0, from: 'kafka-2', to: 'kafka-3' }],
  [20_000, { type: 'fault', id: 'k1', fault: 'kill', edge: 'healed', nodes: ['kafka-2'], detail: 'kill of kafka-2 is over' }],
  [21_000, { type: 'phase', phase: 'chaos', edge: 'end', ok: true, detail: '' }],
  [22_000, { type: 'phase', phase: 'drain', edge: 'begin', ok: true, detail: '' }],
  [82_000, { type: 'phase', phase: 'drain', edge: 'end', ok: false, detail: 'committed 812 of 900' }],
  [90_000, { type: 'scenario-end', folder: 'reports/runs/x/kafka-a', record: { status: 'completed', judgement: { verdict: 'inconclusive', sentence: 'The drain did not end.' } } as RunRecord }],
  [91_500, { type: 'suite-end', folder: 'reports/runs/x', record: { verdict: 'inconclusive', seed: 'ab12cd34' } as SuiteRecord }],
];

test('without a terminal there is one line a phase, step and fault, with the seconds since the start', () => {
  let nowMs = 1_000;
  let text = '';
  const io = { stdout: { write: () => {} }, stderr: { write: (part: string) => { text += part; } }, env: {}, nowMs: () => nowMs };
  const view = createLiveView(io);
  for (const [atMs, event] of events) {
    nowMs = 1_000 + atMs;
    view.onProgress(event);
  }
  view.end();
  expect(text).toBe(`\
[   0.0s] 20261123T140506Z-77: 1 scenario, seed ab12cd34, in reports/runs/x
[   0.0s] 1 of 2 kafka/a: A leader dies
[   0.0s]   provision
[   4.0s]     image kafka:4.1 built
[  12.4s]   chaos
[  12.5s]     wait for 1000 acknowledged
[  14.1s]     ! kill kafka-2 struck: kill returned (1\u202f204 acknowledged, 1\u202f190 delivered, 16 outstanding)
[  17.0s]     leader of partition 0: kafka-2 → kafka-3
[  20.0s]     ! kill kafka-2 healed: kill of kafka-2 is over
[  22.0s]   drain
[  82.0s]   drain failed: committed 812 of 900
[  90.0s]   inconclusive: The drain did not end.
[  91.5s] inconclusive, seed ab12cd34, in reports/runs/x
`);
});
