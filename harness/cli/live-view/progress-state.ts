// What is known about the running scenario, folded from progress events. Pure: time comes with each event.
import type { RunRecord } from '../../model/run-record.ts';
import type { ProgressEvent } from '../../model/progress.ts';
import type { Phase } from '../../model/scenario.ts';
import type { Counters } from '../../model/workload-control.ts';

export interface PhaseState {
  readonly phase: Phase;
  readonly beginMs: number;
  /** null while it lasts. */
  readonly endMs: number | null;
  readonly ok: boolean;
}

export interface FaultState {
  readonly id: string;
  readonly fault: string;
  readonly edge: string;
  readonly nodes: readonly string[];
  readonly atMs: number;
}

export interface ProgressState {
  readonly seed: string;
  readonly scenario: { readonly name: string; readonly title: string; readonly index: number; readonly count: number; readonly repetition: number; readonly beginMs: number } | null;
  readonly phases: readonly PhaseState[];
  readonly faults: readonly FaultState[];
  readonly step: string;
  readonly counters: Counters | null;
  /** Messages a second, over about the last second. */
  readonly rates: { readonly acknowledged: number; readonly delivered: number };
  readonly samples: readonly { readonly atMs: number; readonly acknowledged: number; readonly delivered: number }[];
  readonly message: string;
  readonly finished: readonly RunRecord[];
}

const idle = {
  scenario: null, phases: [], faults: [], step: '', counters: null, rates: { acknowledged: 0, delivered: 0 }, samples: [], message: '',
} as const;

export const initialState: ProgressState = { ...idle, seed: '', finished: [] };

/** @param nowMs when the event arrived. */
export function advance(state: ProgressState, event: ProgressEvent, nowMs: number): ProgressState {
  switch (event.type) {
    case 'suite-begin':
      return { ...state, seed: event.seed };
    case 'scenario-begin': {
      const { name, title, index, count, repetition } = event;
      return { ...state, ...idle, scenario: { name, title, index, count, repetition, beginMs: nowMs } };
    }
    case 'phase':
      return { ...state, message: '', phases: advancePhases(state.phases, event, nowMs) };
    case 'step':
      return { ...state, step: event.text };
    case 'fault':
      return { ...state, faults: advanceFaults(state.faults, event, nowMs) };
    case 'leader':
      return { ...state, message: describeLeader(event) };
    case 'counters':
      return { ...state, counters: event.counters, ...advanceRates(state.samples, event.counters, event.atMs) };
    case 'message':
      return { ...state, message: event.text };
    case 'scenario-end':
      return { ...state, ...idle, finished: [...state.finished, event.record] };
    case 'suite-end':
      return { ...state, ...idle };
  }
}

type EventOf<Type extends ProgressEvent['type']> = Extract<ProgressEvent, { readonly type: Type }>;

function advancePhases(phases: readonly PhaseState[], { phase, edge, ok }: EventOf<'phase'>, nowMs: number): readonly PhaseState[] {
  if (edge === 'begin') return [...phases, { phase, beginMs: nowMs, endMs: null, ok: true }];
  return phases.map((known) => (known.phase === phase && known.endMs === null ? { ...known, endMs: nowMs, ok } : known));
}

function advanceFaults(faults: readonly FaultState[], { id, fault, edge, nodes }: EventOf<'fault'>, atMs: number): readonly FaultState[] {
  const known = faults.find((each) => each.id === id);
  const next = { id, fault, edge, nodes: nodes.length > 0 ? nodes : (known?.nodes ?? []), atMs };
  return known === undefined ? [...faults, next] : faults.map((each) => (each.id === id ? next : each));
}

const rateWindowMs = 1_000;

/** The rate since the newest sample that is at least a second old, so that a burst between two reports does not flicker. */
function advanceRates(samples: ProgressState['samples'], { acknowledged, handedOver, delivered }: Counters, atMs: number): Pick<ProgressState, 'rates' | 'samples'> {
  const now = { atMs, acknowledged: acknowledged + handedOver, delivered };
  const old = samples.filter((sample) => sample.atMs <= atMs - rateWindowMs);
  const base = old.at(-1) ?? samples[0];
  const kept = [...old.slice(-1), ...samples.filter((sample) => sample.atMs > atMs - rateWindowMs), now];
  const rate = (count: 'acknowledged' | 'delivered'): number =>
    base === undefined || base.atMs >= atMs ? 0 : Math.max(0, Math.round(((now[count] - base[count]) * 1_000) / (atMs - base.atMs)));
  return { rates: { acknowledged: rate('acknowledged'), delivered: rate('delivered') }, samples: kept };
}

/** "kafka-1 → kafka-2", "nobody → kafka-2", "kafka-2 again". */
export const describeLeader = ({ partition, from, to }: EventOf<'leader'>): string =>
  `leader of partition ${partition}: ${from === to ? `${to ?? 'nobody'} again` : `${from ?? 'nobody'} → ${to ?? 'nobody'}`}`;
