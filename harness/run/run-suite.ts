// Runs scenarios one after the other on shared clusters and leaves one folder with everything.
import { basename } from 'node:path';
import { describeError, isLeaderfallError, LeaderfallError } from '../model/errors.ts';
import { familiesOf } from '../model/fault-parameters.ts';
import type { OnProgress } from '../model/progress.ts';
import type { RunRecord, SuiteRecord } from '../model/run-record.ts';
import type { Scenario } from '../model/scenario.ts';
import { makePlan } from '../scenario/plan.ts';
import { capabilitiesHere, type CapabilitiesHere } from '../engine/docker/capabilities-here.ts';
import { applyTwins } from '../verdict/apply-twins.ts';
import { ClusterPool } from './cluster-pool.ts';
import { conduct } from './conduct.ts';
import { rememberFolder } from './run-folders.ts';
import { notRunnableError, runnableHere, type RunnableHere } from './runnable-here.ts';
import { assembleSuite, foldersFrom } from './suite-record.ts';
import { turnsOf, type Turn } from './turns.ts';
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
  /** Clusters shared with other suites: whoever made the pool disposes of it. Default: one of this suite's own. */
  readonly pool?: ClusterPool;
  /** Which part of the chosen scenarios these are, such as `2/4`. Default null: all of them. */
  readonly shard?: SuiteRecord['shard'];
  /** Scenarios that were chosen and that their broker's version does not have. */
  readonly notApplicable?: SuiteRecord['notApplicable'];
  /** Default false: see `SuiteRecord.allowsNotRunnable`. */
  readonly allowNotRunnable?: boolean;
  /** What this machine can do. Default: found out by trying. */
  readonly capabilities?: CapabilitiesHere;
  /** What the person typed, for the record. */
  readonly command: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface SuiteResult {
  readonly suite: SuiteRecord;
  readonly folder: string;
}

/** @throws usage errors, and what kept a run from being recorded, such as a full disk; everything that happens in a run is in its record. */
export async function runSuite(options: RunSuiteOptions): Promise<SuiteResult> {
  const { seed, signal, onProgress, render, keep = false, out = defaultOut } = options;
  const startedAt = new Date();
  const folder = makeSuiteFolder(out, `${startedAt.toISOString().replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '')}-${process.pid}`);
  const suiteId = basename(folder);
  const { scenarios, notRunnable } = await lookAround(options);
  onProgress({ type: 'suite-begin', suiteId, folder, seed, scenarios: scenarios.map(({ name }) => name) });
  const pool = options.pool ?? new ClusterPool({ suiteId, keep, onProgress: (text) => onProgress({ type: 'message', text }) });
  const turns = turnsOf(scenarios, options.repeat ?? 1);
  const { runs, stopped } = await playTurns(turns, folder, pool, options);
  // What was found is written even where a run cannot be recorded or a cluster cannot be removed in time; the first of these is told at the end.
  let failure = stopped;
  const attempt = async (work: () => unknown): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failure ??= error;
    }
  };
  if (options.pool === undefined && (!keep || signal.aborted)) await attempt(() => pool[Symbol.asyncDispose]());
  const records = applyTwins(runs.map(({ record }) => record));
  for (const [index, record] of records.entries()) {
    if (record !== runs[index]!.record) await attempt(() => writeFiles(runs[index]!.folder, render.run(record)));
    rememberFolder(record, runs[index]!.folder);
  }
  const suite = assembleSuite({
    suiteId, seed, startedAt: startedAt.toISOString(), durationMs: Date.now() - startedAt.getTime(), command: options.command, runs: records,
    folders: foldersFrom(folder, runs.map(({ record, folder: place }) => [record.runId, place])), shard: options.shard ?? null,
    notApplicable: options.notApplicable ?? [], notRunnable: [...notRunnable, ...notReached(turns.slice(runs.length), stopped)], allowsNotRunnable: options.allowNotRunnable ?? false, interrupted: signal.aborted,
  });
  await attempt(() => writeFiles(folder, render.suite(suite)));
  await attempt(() => pointLatest(out, folder));
  onProgress({ type: 'suite-end', record: suite, folder });
  if (failure !== null) throw failure;
  return { suite, folder };
}

/** Interrupted here nothing is known to be missing: what was chosen counts as not begun. */
async function lookAround({ scenarios, signal, onProgress, capabilities = capabilitiesHere }: RunSuiteOptions): Promise<RunnableHere> {
  try {
    const found = await runnableHere(scenarios, capabilities, { signal, getImages: true, onProgress: (text) => onProgress({ type: 'message', text }) });
    for (const { name, reason } of found.notRunnable) onProgress({ type: 'message', text: `not runnable here: ${name}: ${reason}` });
    return found;
  } catch (error) {
    if (!signal.aborted) throw error;
    return { scenarios, notRunnable: [] };
  }
}

interface Played {
  readonly record: RunRecord;
  readonly folder: string;
}

/** `stopped`: what kept a run from being recorded; null where nothing did. */
async function playTurns(turns: readonly Turn[], folder: string, pool: ClusterPool, options: RunSuiteOptions): Promise<{ readonly runs: readonly Played[]; readonly stopped: unknown }> {
  const runs: Played[] = [];
  try {
    for (const turn of turns) {
      if (options.signal.aborted) break;
      const run = await runOnce(turn, folder, pool, options, turns.length);
      runs.push(run);
      writeFiles(run.folder, options.render.run(run.record));
      options.onProgress({ type: 'scenario-end', ...run });
    }
    return { runs, stopped: null };
  } catch (error) {
    return { runs, stopped: error };
  }
}

async function runOnce({ index, scenario, repetition, slug, on }: Turn, suiteFolder: string, pool: ClusterPool, options: RunSuiteOptions, count: number): Promise<Played> {
  const { seed, keep = false, repeat = 1, signal, onProgress } = options;
  onProgress({ type: 'scenario-begin', name: scenario.name, title: on === null ? scenario.title : `${on}: ${scenario.title}`, index, count, repetition });
  const plan = makePlan({ scenario, seed, repetition, slug, createdAt: new Date().toISOString() });
  const folder = makeFreshFolder(suiteFolder, `${slug}${repeat > 1 ? `-r${repetition}` : ''}`);
  return { record: await conduct({ plan, folder, pool, keep, repetition, signal, onProgress }), folder };
}

/** Scenarios that did not even begin; one that was cut off amid its repetitions has records. Where recording failed it counts too, for nothing else in the suite says so. */
function notReached(turns: readonly Turn[], stopped: unknown): SuiteRecord['notRunnable'] {
  const left = stopped === null ? turns.filter(({ repetition }) => repetition === 1) : turns;
  const reason = stopped === null ? 'interrupted before it began' : `the suite ended before it was recorded: ${isLeaderfallError(stopped) ? stopped.message : describeError(stopped)}`;
  return [...new Set(left.map(({ scenario }) => scenario))].map((scenario) => ({ name: scenario.name, version: scenario.cluster.version, families: familiesOf(scenario), reason }));
}

/** One scenario, one record: the door for tests. @throws when the run itself failed. */
export async function runScenario(scenario: Scenario, options: Omit<RunSuiteOptions, 'scenarios' | 'repeat'>): Promise<RunRecord> {
  const { suite } = await runSuite({ ...options, scenarios: [scenario] });
  const [record] = suite.runs;
  const [unable] = suite.notRunnable;
  if (record === undefined && unable?.lacks !== undefined) throw notRunnableError(unable);
  if (record === undefined) throw new LeaderfallError('E_INTERRUPTED', 'The run was interrupted before it began');
  if (record.status !== 'completed' && record.error !== null) {
    const { code, message, hint, detail } = record.error;
    throw new LeaderfallError(code as LeaderfallError['code'], message, { ...(hint === null ? {} : { hint }), ...(detail === null ? {} : { detail }) });
  }
  return record;
}

