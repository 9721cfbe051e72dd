// Which counts are the truth, which are a bound, and why. Unknown is never rounded to good or bad.
import type { Measure } from '../model/contract.ts';
import type { StoreKind } from '../model/cluster.ts';
import { inapplicable } from '../model/inapplicable.ts';

/** What the run must have completed for a measure to be more than a bound. `ended`: it was played until its drain, and not cut short. */
type Need = 'ended' | 'drain' | 'audit';

const needs: Readonly<Record<Measure, readonly Need[]>> = {
  lost: ['drain', 'audit'],
  deadLettered: ['drain', 'audit'],
  stuck: ['drain', 'audit'],
  unseen: [],
  erased: ['audit'],
  phantom: ['drain'],
  ghost: ['ended', 'drain'],
  recovered: ['ended', 'drain', 'audit'],
  unroutable: ['ended'],
  copies: ['audit'],
  republished: ['drain', 'audit'],
  redelivered: ['drain'],
  repeated: ['drain'],
  processedTwice: ['drain'],
  settledUnprocessed: ['drain', 'audit'],
  duplicated: ['drain', 'audit'],
  reordered: ['drain', 'audit'],
  skipped: ['drain', 'audit'],
  rewound: ['drain', 'audit'],
  offsetConflicts: ['ended'],
  corrupted: ['drain', 'audit'],
  strangers: ['drain', 'audit'],
  unavailableMs: ['ended'],
  failed: ['ended'],
  indeterminate: ['ended'],
};

/**
 * What a part that was not played or not seen could turn over, so that the count is not even a lower bound: order is that of what came;
 * a handler that was still at work when the run ended may have finished; the next attempt may have made of a refusal or an unknown outcome
 * an acknowledgement.
 */
const noBound: Readonly<Record<Need, ReadonlySet<Measure>>> = {
  ended: new Set(['failed', 'ghost', 'indeterminate', 'recovered']),
  drain: new Set(['reordered', 'settledUnprocessed']),
  audit: new Set(['reordered', 'settledUnprocessed']),
};

/** Seen once too often is seen, whatever else is missing from the history; everything else counts what is not there, or what nobody else said. */
const witnessed: ReadonlySet<Measure> = new Set([
  'copies', 'republished', 'redelivered', 'repeated', 'processedTwice', 'duplicated', 'corrupted', 'strangers', 'unroutable', 'rewound',
]);

export interface Completeness {
  readonly store: StoreKind;
  readonly history: { readonly whole: boolean; readonly detail: string };
  /** The run came as far as its drain; before that it was cut short. */
  readonly ended: boolean;
  readonly drain: { readonly complete: boolean; readonly detail: string };
  readonly audit: { readonly complete: boolean; readonly detail: string };
}

export interface Certainty {
  readonly conclusive: boolean;
  readonly atLeast: boolean;
  readonly reasons: readonly string[];
}

/** What a checker itself found that keeps a measure from being the truth. */
export interface Doubts {
  readonly reasons: readonly string[];
  /** The truth may be less than what was counted. */
  readonly mayBeLess?: boolean;
}

export function certaintyOf(measure: Measure, completeness: Completeness, doubts: Doubts): Certainty {
  const { store, history } = completeness;
  const not = inapplicable[measure];
  if (not?.store === store) return { conclusive: false, atLeast: false, reasons: [`does not apply: ${not.because}`] };
  const missing = needs[measure].filter((need) => !isMet(need, completeness));
  const reasons = [
    ...(history.whole ? [] : [`the history is not whole: ${history.detail}`]),
    ...missing.filter((need) => need !== 'drain' || !missing.includes('ended')).map((need) => reasonOf(need, completeness)),
    ...doubts.reasons,
  ];
  const conclusive = reasons.length === 0;
  const bound = (history.whole || witnessed.has(measure)) && doubts.mayBeLess !== true && missing.every((need) => !noBound[need].has(measure));
  return { conclusive, atLeast: !conclusive && bound, reasons };
}

const isMet = (need: Need, { ended, drain, audit }: Completeness): boolean => ({ ended, drain: drain.complete, audit: audit.complete })[need];

function reasonOf(need: Need, { drain, audit }: Completeness): string {
  switch (need) {
    case 'ended': return `the run was cut short: ${drain.detail}`;
    case 'drain': return `the drain is not complete: ${drain.detail}`;
    case 'audit': return `the audit is not complete: ${audit.detail}`;
  }
}
