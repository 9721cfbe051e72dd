// What every part of one run shares.
import type { Clock } from '../model/clock.ts';
import type { OnProgress } from '../model/progress.ts';
import type { Plan } from '../model/scenario.ts';
import type { TimelineDraft } from '../model/timeline.ts';

export interface RunContext {
  readonly plan: Plan;
  readonly folder: string;
  readonly clock: Clock;
  readonly originNs: string;
  readonly wallOriginMs: number;
  /** Aborts when the person or the suite wants the run to end. */
  readonly signal: AbortSignal;
  /** Appends to the timeline and tells those who watch. */
  readonly record: (draft: TimelineDraft) => void;
  readonly onProgress: OnProgress;
  readonly keep: boolean;
}
