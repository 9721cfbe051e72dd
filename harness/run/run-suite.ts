// Runs scenarios one after the other on shared clusters and leaves one folder with everything.
import { basename } from 'node:path';
import { LeaderfallError } from '../model/errors.ts';
import type { OnProgress } from '../model/progress.ts';
import type { RunRecord, SuiteRecord } from '../model/run-record.ts';
import type { Scenario } from '../model/scenario.ts';
import { makePlan, slugOf } from '../scenario/plan.ts';
import { applyTwins } from '../verdict/apply-twins.ts';
import { ClusterPool } from './cluster-pool.ts';
import { conduct } from './conduct.ts';
import { assembleSuite } from './suite-record.ts';
import { defaultOut, makeFreshFolder, makeSuiteFolder, pointLatest, writeFiles, type Renderer } from './suite-files.ts';

export interface RunSuiteOptions {
  readonly scenarios: readonly Scenario[];
  readonly seed: string;
  readonly render: Renderer;
  /** Default false: leave clusters and topics running at the end. */
  readonly keep?: boolean;
  /** Default 1. */
  readonly repeat?: number;
  /** Default `reports/runs`. */
  readonly out?: string;
  /** What the person typed, for the record. */
  readonly command: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface SuiteResult {
  readonly suite: SuiteRecord;
  readonly folder: string;
}

/** @throws usage errors; everything that happens in a run is in its record. */
export async function runSuite(options: RunSuiteOptions): Promise<SuiteResult> {
  const { scenarios, seed, signal, onProgress, render, keep = false, repeat = 1, out = defaultOut } = options;
  const startedAt = new Date();
  const folder = makeSuiteFolder(out, `${startedAt.toISOString().replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '')}-${process.pid}`);
  const suiteId = basename(folder);
  onProgress({ type: 'suite-begin', suiteId, folder, seed, scenarios: scenarios.map(({ name }) => name) });
  const runs: { readonly record: RunRecord; readonly folder: string }[] = [];
  let removal: unknown = null;
  const pool = new ClusterPool({ suiteId, keep, onProgress: (text) => onProgress({ type: 'message', text }) });
  try {
    const total = scenarios.length * repeat;
    for (let index = 0; index < total && !signal.aborted; index++) {
      const scenario = scenarios[Math.floor(index / repeat)]!;
      const repetition = (index % repeat) + 1;
      onProgress({ type: 'scenario-begin', name: scenario.name, title: scenario.title, index, count: total, repetition });
      const plan = makePlan({ scenario, seed, repetition, createdAt: new Date().toISOString() });
      const runFolder = makeFreshFolder(folder, `${slugOf(scenario.name)}${repeat > 1 ? `-r${repetition}` : ''}`);
      const record = await conduct({ plan, folder: runFolder, pool, keep, repetition, signal, onProgress });
      writeFiles(runFolder, render.run(record));
      runs.push({ record, folder: runFolder });
      onProgress({ type: 'scenario-end', record, folder: runFolder });
    }
  } finally {
    // What was found is written even where a cluster cannot be removed in time; that is told at the end.
    if (!keep || signal.aborted) await pool[Symbol.asyncDispose]().catch((error: unknown) => { removal = error; });
  }
  const records = applyTwins(runs.map(({ record }) => record));
  for (const [index, record] of records.entries()) if (record !== runs[index]!.record) writeFiles(runs[index]!.folder, render.run(record));
  const notRun = scenarios.slice(Math.ceil(runs.length / repeat)).map(({ name }) => ({ name, reason: 'interrupted before it began' }));
  const suite = assembleSuite({ suiteId, seed, startedAt: startedAt.toISOString(), durationMs: Date.now() - startedAt.getTime(), command: options.command, runs: records, notRunnable: notRun, interrupted: signal.aborted });
  writeFiles(folder, render.suite(suite));
  pointLatest(out, folder);
  onProgress({ type: 'suite-end', record: suite, folder });
  if (removal !== null) throw removal;
  return { suite, folder };
}

/** One scenario, one record: the door for tests. @throws when the run itself failed. */
export async function runScenario(scenario: Scenario, options: Omit<RunSuiteOptions, 'scenarios' | 'repeat'>): Promise<RunRecord> {
  const { suite } = await runSuite({ ...options, scenarios: [scenario] });
  const [record] = suite.runs;
  if (record === undefined) throw new LeaderfallError('E_INTERRUPTED', 'The run was interrupted before it began');
  if (record.status !== 'completed' && record.error !== null) {
    const { code, message, hint, detail } = record.error;
    throw new LeaderfallError(code as LeaderfallError['code'], message, { ...(hint === null ? {} : { hint }), ...(detail === null ? {} : { detail }) });
  }
  return record;
}

