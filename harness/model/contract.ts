// What must hold, what may, and what must happen; and the judgement over it. Checkers count, contracts judge.

/** Everything that a contract may speak of. An unknown measure is a configuration error. */
export const measures = [
  'lost', 'deadLettered', 'stuck', 'unseen', 'erased', 'phantom', 'ghost', 'recovered', 'unroutable', 'copies', 'republished',
  'redelivered', 'repeated', 'processedTwice', 'settledUnprocessed', 'duplicated', 'reordered', 'skipped', 'rewound', 'offsetConflicts',
  'corrupted', 'strangers', 'unavailableMs', 'failed', 'indeterminate',
] as const;
export type Measure = (typeof measures)[number];

export type Clause =
  | 'forbidden'
  | 'allowed'
  | 'required'
  | { readonly max: number }
  | { readonly min: number }
  /** `exposed`: the two sets of ids are equal, and not empty. */
  | { readonly equals: 'exposed' | number };

export type Contract = Readonly<Partial<Record<Measure, Clause>>>;

export type Verdict = 'upheld' | 'violated' | 'inconclusive';

export interface JudgedClause {
  readonly measure: Measure;
  readonly clause: Clause;
  /** "forbidden", "at most 12", "exactly the exposed". */
  readonly expected: string;
  /** "0", "1 000 (all exposed)". */
  readonly actual: string;
  readonly verdict: Verdict;
  /** Why, where it is not upheld. */
  readonly reason: string | null;
}

/** A precondition of believing the result. One that fails makes the run inconclusive, never upheld. */
export interface Gate {
  /** Stable: `exposed`, `target-hit`, `led-when-struck`, `leadership-moved`, `traffic-met`, `heal`, `drain`, `audit`, `accounting`, `history`, `steady`, `steps`, `acknowledged-before`, `probe-after`, `workers`. */
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** One sentence that names cause and time. */
  readonly sentence: string;
  readonly clauses: readonly JudgedClause[];
  readonly gates: readonly Gate[];
  /** What the twin's run means for this one. */
  readonly power: { readonly twin: string | null; readonly state: 'shown' | 'not-shown' | 'untested' | 'is-the-twin'; readonly detail: string };
}
