// What one run will do, fixed before its first node starts. Pure: the same arguments give the same plan.
import { createHash } from 'node:crypto';
import type { Plan, Scenario } from '../model/scenario.ts';

export interface PlanOptions {
  readonly scenario: Scenario;
  /** Any text. */
  readonly seed: string;
  /** From 1. */
  readonly repetition: number;
  /** What the run's id calls the scenario. Default: its name, usable as a file name. */
  readonly slug?: string;
  /** ISO 8601, UTC; part of the run's id. */
  readonly createdAt: string;
}

export function makePlan({ scenario, seed, repetition, createdAt, slug = slugOf(scenario.name) }: PlanOptions): Plan {
  // With milliseconds: two machines may start the same scenario in one second, and their runs may be put into one report.
  const stamp = createdAt.replaceAll(/[-:.]/g, '');
  const again = repetition > 1 ? `-r${repetition}` : '';
  const runId = `${stamp}-${slug}-${shortSeed(seed)}${again}`;
  const runTag = createHash('sha256').update(`${runId}\n${seed}`).digest('hex').slice(0, 16);
  return { schema: 'leaderfall/plan@1', runId, runTag, seed, prng: 'mulberry32/1', scenario, createdAt };
}

/** Usable as a file name. */
export const slugOf = (name: string): string => name.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');

/** Eight hex digits: the seed's own where it has them, so that a run's folder can be matched with its seed by eye. */
const shortSeed = (seed: string): string =>
  /^[0-9a-f]{8}/.test(seed) ? seed.slice(0, 8) : createHash('sha256').update(seed).digest('hex').slice(0, 8);
