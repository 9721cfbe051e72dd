// One line of history.jsonl: a suite in brief, so that hundreds of them can be kept where their runs cannot.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { redactText } from '../../harness/model/configuration.ts';
import type { Measure } from '../../harness/model/contract.ts';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { samenessOf } from '../compare/differences.ts';
import { quantityOf } from '../summary/quantity.ts';
import { results } from '../summary/result.ts';
import { recoveryOf, summarise, type ScenarioSummary } from '../summary/summarise.ts';
import { worstNumber } from '../summary/worst-number.ts';

export const historySchema = 'leaderfall/history@1';

const count = z.number().nullable();
const scenario = z.object({
  scenario: z.string(),
  version: z.string().describe('"kafka 4.1"'),
  result: z.enum(results).describe('the worst of its repetitions; required: upheld by showing the anomaly that its contract demands'),
  runs: z.number(),
  worst: z.string().describe('the number that decided, in words'),
  lost: count.describe('the most of any repetition; null: not known'),
  duplicated: count,
  unavailableMs: count,
  recoveryMs: z.array(z.number().nullable()).describe('of each repetition in which a fault struck, the longest; null: success did not come back; 0: no outage'),
  environment: z.string().describe('equal where machine, images, drivers and plan are'),
});

const line = z.object({
  schema: z.literal(historySchema),
  suiteId: z.string(),
  startedAt: z.string(),
  leaderfall: z.string(),
  seed: z.string(),
  shard: z.string().nullable(),
  verdict: z.string(),
  exitCode: z.number(),
  commit: z.string().nullable(),
  ref: z.string().nullable(),
  url: z.string().nullable().describe('of the job that ran it'),
  machine: z.string().nullable().describe('processors, memory, system, Node and engine, in words'),
  scenarios: z.array(scenario),
  notRunnable: z.array(z.string()),
});

export type HistoryLine = Readonly<z.output<typeof line>>;
export type HistoryScenario = Readonly<z.output<typeof scenario>>;

/** What the environment tells of who asked for the run. */
export interface Origin {
  readonly commit: string | null;
  readonly ref: string | null;
  readonly url: string | null;
}

export function historyLineOf(suite: SuiteRecord, { commit, ref, url }: Origin): HistoryLine {
  const { suiteId, startedAt, leaderfall, seed, shard, verdict, exitCode, notRunnable } = suite;
  const plain = (text: string | null): string | null => (text === null ? null : redactText(text));
  return {
    schema: historySchema, suiteId, startedAt, leaderfall, seed, shard, verdict, exitCode, commit: plain(commit), ref: plain(ref), url: plain(url), machine: machineOf(suite.runs[0]),
    scenarios: summarise(suite).map(scenarioOf), notRunnable: [...new Set(notRunnable.map(({ name }) => name))],
  };
}

function scenarioOf({ name, worst, result, runs }: ScenarioSummary): HistoryScenario {
  const { broker, version } = worst.scenario.cluster;
  const most = (measure: Measure): number | null => {
    const exact = runs.map((run) => quantityOf(run, measure)).flatMap((quantity) => (quantity?.certainty === 'exact' ? [quantity.count] : []));
    return exact.length === 0 ? null : Math.round(Math.max(...exact));
  };
  return {
    scenario: name, version: `${broker} ${version}`, result, runs: runs.length, worst: worstNumber(worst),
    lost: most('lost'), duplicated: most('duplicated'), unavailableMs: most('unavailableMs'),
    recoveryMs: runs.map(recoveryOf).flatMap((recovery) => (recovery === null ? [] : [recovery === 'never' ? null : Math.round(recovery)])),
    environment: fingerprintOf(worst),
  };
}

const fingerprintOf = (run: RunRecord): string => createHash('sha256').update(samenessOf(run)).digest('hex').slice(0, 12);

function machineOf(run: RunRecord | undefined): string | null {
  if (run === undefined) return null;
  const { cpus, memoryGiB, os, node, engine } = run.environment;
  return `${cpus} CPUs, ${memoryGiB} GiB, ${os}, Node ${node}, ${engine}`;
}

/** @returns null where the text is no line of this schema. */
export function parseHistoryLine(text: string): HistoryLine | null {
  try {
    const parsed = line.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
