// Which counts are the truth, and why the others are not. Unknown is never rounded to good or bad.
import type { Measure } from '../model/contract.ts';
import type { StoreKind } from '../model/cluster.ts';

/** What the run must have completed for a measure to be more than a bound. */
type Need = 'drain' | 'audit';

const needs: Readonly<Record<Measure, readonly Need[]>> = {
  lost: ['drain', 'audit'],
  stuck: ['drain', 'audit'],
  unseen: [],
  erased: ['audit'],
  phantom: ['drain'],
  ghost: ['drain'],
  recovered: ['drain', 'audit'],
  unroutable: [],
  copies: ['audit'],
  republished: ['drain', 'audit'],
  redelivered: ['drain'],
  repeated: ['drain'],
  processedTwice: ['drain'],
  duplicated: ['drain', 'audit'],
  reordered: ['drain', 'audit'],
  skipped: ['drain', 'audit'],
  rewound: ['drain', 'audit'],
  offsetConflicts: [],
  corrupted: ['drain', 'audit'],
  strangers: ['drain', 'audit'],
  unavailableMs: [],
  failed: [],
  indeterminate: [],
};

const logOnly = 'a queue\'s messages have no place that could be compared';
const inapplicable: Readonly<Partial<Record<Measure, { readonly store: StoreKind; readonly because: string }>>> = {
  erased: { store: 'queue', because: 'a queue forgets what was consumed' },
  copies: { store: 'queue', because: 'a queue\'s messages have no identity; see `repeated`' },
  repeated: { store: 'log', because: 'a log\'s records have an identity; see `redelivered` and `copies`' },
  skipped: { store: 'queue', because: logOnly },
  rewound: { store: 'queue', because: logOnly },
  offsetConflicts: { store: 'queue', because: logOnly },
};

/** Counts of what was not seen, or that a part not seen could turn over: not even a lower bound while something is missing. */
const noBound: ReadonlySet<Measure> = new Set(['reordered']);

export interface Completeness {
  readonly store: StoreKind;
  readonly history: { readonly whole: boolean; readonly detail: string };
  readonly drain: { readonly complete: boolean; readonly detail: string };
  readonly audit: { readonly complete: boolean; readonly detail: string };
}

export interface Certainty {
  readonly conclusive: boolean;
  readonly atLeast: boolean;
  readonly reasons: readonly string[];
}

/** @param doubts what a checker itself found that keeps this measure from being the truth. */
export function certaintyOf(measure: Measure, { store, history, drain, audit }: Completeness, doubts: readonly string[]): Certainty {
  const not = inapplicable[measure];
  if (not?.store === store) return { conclusive: false, atLeast: false, reasons: [`does not apply: ${not.because}`] };
  const reasons = [
    ...(history.whole ? [] : [`the history is not whole: ${history.detail}`]),
    ...(needs[measure].includes('drain') && !drain.complete ? [`the drain is not complete: ${drain.detail}`] : []),
    ...(needs[measure].includes('audit') && !audit.complete ? [`the audit is not complete: ${audit.detail}`] : []),
    ...doubts,
  ];
  const conclusive = reasons.length === 0;
  return { conclusive, atLeast: !conclusive && history.whole && !noBound.has(measure), reasons };
}
