// Where the counts stood when a fault began and when it ended: what a trigger with `since` counts from.
import type { TimelineDraft } from '../model/timeline.ts';
import type { Trigger } from '../model/scenario.ts';
import type { Counters } from '../model/workload-control.ts';

export interface Mark {
  readonly counters: Counters;
  /** Nanoseconds since the run began. */
  readonly timeNs: number;
}

type Since = NonNullable<Trigger['since']>;

export class FaultMarks {
  readonly #now: () => Mark;
  readonly #marks = new Map<string, Mark>();

  constructor(now: () => Mark) {
    this.#now = now;
  }

  /** Sees every entry of the timeline. A fault ends when its healing has: what the world does afterwards is its own. */
  note(draft: TimelineDraft): void {
    if (draft.type !== 'fault' || (draft.edge !== 'begin' && draft.edge !== 'healed')) return;
    this.#marks.set(key({ fault: draft.id, edge: draft.edge === 'begin' ? 'begin' : 'end' }), this.#now());
  }

  /** null: that edge has not come. */
  of(since: Since): Mark | null {
    return this.#marks.get(key(since)) ?? null;
  }
}

const key = ({ fault, edge }: Since): string => `${edge} ${fault}`;
