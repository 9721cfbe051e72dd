// What a run tells those who watch it. Not the history: nothing is judged from this.
import type { NodeId } from './cluster.ts';
import type { RunRecord, SuiteRecord } from './run-record.ts';
import type { Phase } from './scenario.ts';
import type { Counters } from './workload-control.ts';

export type ProgressEvent =
  | { readonly type: 'suite-begin'; readonly suiteId: string; readonly folder: string; readonly seed: string; readonly scenarios: readonly string[] }
  | { readonly type: 'scenario-begin'; readonly name: string; readonly title: string; readonly index: number; readonly count: number; readonly repetition: number }
  | { readonly type: 'phase'; readonly phase: Phase; readonly edge: 'begin' | 'end'; readonly ok: boolean; readonly detail: string }
  | { readonly type: 'step'; readonly text: string }
  | { readonly type: 'fault'; readonly id: string; readonly fault: string; readonly edge: string; readonly nodes: readonly NodeId[]; readonly detail: string }
  | { readonly type: 'leader'; readonly partition: number; readonly from: NodeId | null; readonly to: NodeId | null }
  | { readonly type: 'counters'; readonly counters: Counters; readonly atMs: number }
  | { readonly type: 'message'; readonly text: string }
  | { readonly type: 'scenario-end'; readonly record: RunRecord; readonly folder: string }
  | { readonly type: 'suite-end'; readonly record: SuiteRecord; readonly folder: string };

export type OnProgress = (event: ProgressEvent) => void;
