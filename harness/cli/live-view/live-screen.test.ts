import pc from 'picocolors';
import { expect, test } from 'vitest';
import type { ProgressEvent } from '../../model/progress.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { finishedLine, liveScreen } from './live-screen.ts';
import { advance, initialState } from './progress-state.ts';
import type { ProgressState } from './progress-state.ts';

const plain = pc.createColors(false);
const counters = (acknowledged: number) => ({ attempted: acknowledged, acknowledged, handedOver: 0, failed: 0, indeterminate: 2, outstanding: 16, delivered: acknowledged - 10, processed: 0 });

const play = (events: readonly (readonly [number, ProgressEvent])[]): ProgressState =>
  events.reduce((state, [nowMs, event]) => advance(state, event, nowMs), initialState);

const running = play([
  [0, { type: 'suite-begin', suiteId: 'x', folder: 'f', seed: 'ab12', scenarios: [] }],
  [0, { type: 'scenario-begin', name: 'kafka/a', title: 'A leader dies', index: 2, count: 8, repetition: 1 }],
  [0, { type: 'phase', phase: 'provision', edge: 'begin', ok: true, detail: '' }],
  [12_000, { type: 'phase', phase: 'provision', edge: 'end', ok: true, detail: '' }],
  [12_000, { type: 'phase', phase: 'chaos', edge: 'begin', ok: true, detail: '' }],
  [13_000, { type: 'counters', counters: counters(1_000), atMs: 13_000 }],
  [15_000, { type: 'counters', counters: counters(2_000), atMs: 15_000 }],
  [15_000, { type: 'fault', id: 'cut', fault: 'replication-cut', edge: 'proved', nodes: ['kafka-2'], detail: '' }],
  [15_000, { type: 'step', text: 'publish exactly 1000' }],
]);

test('the screen shows phase, rates, counts and faults', () => {
  expect(liveScreen(running, 16_000, 100, plain)).toBe([
    '3/8 kafka/a',
    '16 s · seed ab12 · A leader dies',
    '✓ provision 12 s  ▸ chaos 4.0 s',
    'acknowledged 2\u202f000 (500/s)  delivered 1\u202f990 (500/s)  outstanding 16',
    'failed 0  indeterminate 2',
    '● replication-cut (cut) kafka-2: proved 1.0 s ago',
    'publish exactly 1000',
  ].join('\n'));
});

test('no line is wider than the terminal', () => {
  for (const width of [20, 40, 60]) {
    expect(Math.max(...liveScreen(running, 16_000, width, plain).split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
  }
});

test('a finished scenario leaves one line, and a clean screen for the next', () => {
  const record = { scenario: { name: 'kafka/a' }, durationMs: 34_000, status: 'completed', judgement: { verdict: 'upheld' } } as RunRecord;
  expect(finishedLine(record, 80, plain)).toBe('✓ upheld  kafka/a  34 s');
  expect(liveScreen(advance(running, { type: 'scenario-end', record, folder: 'f' }, 20_000), 20_000, 80, plain)).toBe('');
});
