// How often each outcome came when one scenario was run several times. Frequencies with their uncertainty, no adjectives.
import type { Measure, Verdict } from './contract.ts';

/** How often something came, and the 95 % Wilson score interval of how often it comes in the long run. */
export interface Share {
  readonly count: number;
  readonly of: number;
  /** From 0 to 1. */
  readonly low: number;
  readonly high: number;
}

export type VerdictShares = Readonly<Record<Verdict, Share>>;

/** A clause of the contract over all judged runs. */
export interface ClauseRepetitions {
  readonly measure: Measure;
  /** "forbidden", "at most 12", "exactly the exposed". */
  readonly expected: string;
  readonly verdicts: VerdictShares;
}

/** A measure over all judged runs that said something about it. */
export interface MeasureRepetitions {
  readonly measure: Measure;
  /** How often it was not 0; runs whose count is no more than a guess are left out. */
  readonly shown: Share;
  /** Of the counts, of those runs; lower bounds count with their bound. Of `unavailableMs`, once it was shown, of the runs that had an outage: none is no short one. */
  readonly fewest: number;
  readonly median: number;
  readonly most: number;
}

/** All runs of one scenario on one version of its broker. */
export interface RepetitionSummary {
  readonly scenario: string;
  readonly broker: string;
  readonly version: string;
  /** Runs that were played to their end and judged. */
  readonly judged: number;
  /** Runs that failed or were interrupted: they say nothing about the policy. */
  readonly notJudged: number;
  readonly verdicts: VerdictShares;
  /** In the order of the contract. */
  readonly clauses: readonly ClauseRepetitions[];
  /** Those that the contract names and those that were ever shown. */
  readonly measures: readonly MeasureRepetitions[];
  /** "violated in 3 of 20 (95 % interval 5 % to 36 %), upheld in 17 of 20 (95 % interval 64 % to 95 %)". */
  readonly sentence: string;
}
