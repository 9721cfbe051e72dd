// Judges old runs again from their histories, without a broker or an engine, and renders their reports anew.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Contract } from '../model/contract.ts';
import { describeError, LeaderfallError } from '../model/errors.ts';
import { runSchema, type RunRecord, type SuiteRecord } from '../model/run-record.ts';
import { readPlan } from '../history/open-history.ts';
import { runFiles } from '../history/segment-format.ts';
import { applyTwins } from '../verdict/apply-twins.ts';
import { describeEnvironment } from './environment.ts';
import { judgeFolder } from './judge-folder.ts';
import { recallRun } from './recall-run.ts';
import { assembleRecord } from './run-record.ts';
import { assembleSuite } from './suite-record.ts';
import { makeOutFolder, writeFiles, type Renderer } from './suite-files.ts';
import type { SuiteResult } from './run-suite.ts';

export interface JudgeAgainOptions {
  /** Folders of runs or of whole suites. */
  readonly folders: readonly string[];
  readonly render: Renderer;
  /** Judge by this contract instead of each scenario's own. */
  readonly contract?: Contract;
  /** Where the reports go; default: the first folder given, and each run's own. With `contract` or several folders it should be named. */
  readonly out?: string;
  readonly command: string;
}

/** @throws `E_RUN_NOT_FOUND`, `E_HISTORY_CORRUPT`, `E_HISTORY_NEWER`, `E_USAGE` where `out` cannot be made. */
export async function judgeAgain(options: JudgeAgainOptions): Promise<SuiteResult> {
  const folders = options.folders.flatMap((folder) => runFoldersIn(resolve(folder)));
  const records: RunRecord[] = [];
  for (const folder of folders) records.push(await judgeOne(folder, options.contract));
  // A run that is judged alone keeps its twin beside it: what the twin showed, or did not, still counts.
  const beside: RunRecord[] = [];
  for (const folder of twinFoldersBeside(folders, records)) beside.push(await judgeOne(folder, undefined));
  const judged = applyTwins([...records, ...beside]).slice(0, records.length);
  const out = options.out === undefined ? resolve(options.folders[0]!) : makeOutFolder(options.out);
  for (const [index, record] of judged.entries()) {
    const own = folders[index]!;
    if (options.out === undefined && own !== out) writeFiles(own, options.render.run(record));
  }
  const suite = assembleSuite({
    ...(suiteBefore(out) ?? { suiteId: basename(out), seed: judged[0]!.seed, startedAt: judged[0]!.startedAt, durationMs: judged.reduce((sum, { durationMs }) => sum + durationMs, 0) }),
    command: options.command, runs: judged, notRunnable: [], interrupted: false,
  });
  const single = judged.length === 1 && folders[0] === out;
  writeFiles(out, single ? options.render.run(judged[0]!) : options.render.suite(suite));
  return { suite, folder: out };
}

/** When a suite is judged again in its own folder, what it was called and when it ran stays as it was. */
function suiteBefore(folder: string): Pick<SuiteRecord, 'suiteId' | 'seed' | 'startedAt' | 'durationMs'> | null {
  const path = join(folder, 'suite.json');
  if (!existsSync(path)) return null;
  const { suiteId, seed, startedAt, durationMs } = JSON.parse(readFileSync(path, 'utf8')) as SuiteRecord;
  return { suiteId, seed, startedAt, durationMs };
}

/** Folders of twins in the same suites that were not asked for themselves. */
function twinFoldersBeside(folders: readonly string[], records: readonly RunRecord[]): readonly string[] {
  const asked = new Set(folders);
  const wanted = new Set(records.flatMap(({ scenario }) => (scenario.twin === null ? [] : [scenario.twin])));
  const suites = new Set(folders.map((folder) => dirname(folder)));
  const siblings = [...suites].flatMap((suite) => readdirSync(suite).map((name) => join(suite, name)));
  return siblings.filter((folder) => !asked.has(folder) && existsSync(runFiles(folder).plan) && wanted.has(readPlan(runFiles(folder).plan, folder).scenario.name));
}

/** A run's folder has a plan; a suite's folder has runs' folders in it. */
function runFoldersIn(folder: string): readonly string[] {
  if (existsSync(runFiles(folder).plan)) return [folder];
  const inside = existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder).map((name) => join(folder, name)).filter((child) => existsSync(runFiles(child).plan)) : [];
  if (inside.length === 0) {
    throw new LeaderfallError('E_RUN_NOT_FOUND', `${folder} holds no run`, { hint: 'Name a run\'s or a suite\'s folder under reports/runs, or reports/runs/latest.' });
  }
  return inside.sort((a, b) => statSync(runFiles(a).plan).mtimeMs - statSync(runFiles(b).plan).mtimeMs);
}

/** Takes from the old record what the history does not hold: times, environment, configuration. */
async function judgeOne(folder: string, contract: Contract | undefined): Promise<RunRecord> {
  const old = readRecord(folder);
  const { messages, segments } = runFiles(folder);
  if (old !== null && old.facts === null && !existsSync(messages) && !existsSync(segments)) return old;
  const judged = await judgeFolder(folder, contract);
  const { plan, timeline } = judged;
  const environment = { environment: old?.environment ?? describeEnvironment(null), configuration: old?.configuration ?? plan.scenario.configuration };
  if (old === null) return assembleRecord({ plan, judged, ...environment, ...recallRun(folder, plan, timeline) });
  const { error, durationMs, phases, repetition, logs } = old;
  return assembleRecord({ plan, judged, ...environment, error, startedAt: new Date(old.startedAt), durationMs, phases, repetition, logs });
}

/** null: the run crashed before its record was written; its history is judged all the same. */
function readRecord(folder: string): RunRecord | null {
  const path = join(folder, 'run.json');
  if (!existsSync(path)) return null;
  let record: RunRecord;
  try {
    record = JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
  } catch (error) {
    throw new LeaderfallError('E_HISTORY_CORRUPT', `${path} is not JSON (${describeError(error)})`, { hint: 'Remove it to judge from the history alone.' });
  }
  if (record.schema !== runSchema) {
    throw new LeaderfallError('E_HISTORY_NEWER', `${path} has schema ${JSON.stringify(record.schema)}, this version reads ${runSchema}`, { hint: 'Use the version of leaderfall that wrote it, or a newer one.' });
  }
  return record;
}
