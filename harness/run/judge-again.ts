// Judges old runs again from their histories, without a broker or an engine, and renders their reports anew.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Contract } from '../model/contract.ts';
import { describeError, LeaderfallError } from '../model/errors.ts';
import { runSchema, type NotRunnable, type RunRecord } from '../model/run-record.ts';
import type { Scenario } from '../model/scenario.ts';
import { readPlan } from '../history/open-history.ts';
import { runFiles } from '../history/segment-format.ts';
import { applyTwins } from '../verdict/apply-twins.ts';
import { describeEnvironment } from './environment.ts';
import { faultLogsOf } from './fault-logs.ts';
import { judgeFolder } from './judge-folder.ts';
import { recallRun } from './recall-run.ts';
import { distinctRuns, missingShards, notFound, readSources, type Source } from './report-sources.ts';
import { livingOwnerOf, refuseLivingRun } from './run-owner.ts';
import { assembleRecord } from './run-record.ts';
import { assembleSuite, foldersFrom, type SuiteParts } from './suite-record.ts';
import { makeFreshFolder, makeOutFolder, writeFiles, type Renderer } from './suite-files.ts';
import type { SuiteResult } from './run-suite.ts';

export interface JudgeAgainOptions {
  /** Folders of runs or of whole suites. Several are made one suite: the shards of one choice, or any others. */
  readonly folders: readonly string[];
  readonly render: Renderer;
  /** Judge by this contract instead of each scenario's own. */
  readonly contract?: Contract;
  /** Where the reports go. Default: one folder judged as before is written anew in place; with `contract` or several folders, a fresh folder beside the first. */
  readonly out?: string;
}

/**
 * A suite of which a run is still going is refused as a whole: its own record is written into the same folder when it ends, and half of its runs may
 * come to another verdict. @throws `E_RUN_NOT_FOUND`, `E_HISTORY_CORRUPT`, `E_HISTORY_NEWER`; `E_USAGE` where a run is still going, or `out` cannot be made.
 */
export async function judgeAgain(options: JudgeAgainOptions): Promise<SuiteResult> {
  const sources = readSources(options.folders);
  const folders = distinctRuns(sources);
  if (folders.length === 0) throw notFound(sources[0]!.folder);
  for (const folder of folders) refuseLivingRun(folder);
  const records: RunRecord[] = [];
  for (const folder of folders) records.push(await judgeOne(folder, options.contract));
  // A run that is judged alone keeps its twin beside it: what the twin showed, or did not, still counts.
  const beside: RunRecord[] = [];
  for (const folder of twinFoldersBeside(folders, records)) beside.push(await judgeOne(folder, undefined));
  const judged = applyTwins([...records, ...beside]).slice(0, records.length);
  const inPlace = options.out === undefined && options.contract === undefined && sources.length === 1;
  const out = options.out === undefined ? (inPlace ? sources[0]!.folder : freshFolder(sources, options.contract)) : makeOutFolder(options.out);
  const suite = assembleSuite({ ...suiteBefore(sources, judged, out), command: playAgain(sources, judged), runs: judged, folders: foldersFrom(out, judged.map(({ runId }, index) => [runId, folders[index]!])) });
  if (inPlace) for (const [index, record] of judged.entries()) writeFiles(folders[index]!, options.render.run(record));
  const single = judged.length === 1 && sources.length === 1 && sources[0]!.folder === folders[0];
  if (!single && existsSync(runFiles(out).plan)) throw new LeaderfallError('E_USAGE', `${out} is a run's folder: the report of a suite does not belong there`, { hint: 'Choose another folder with --out.' });
  if (!single || !inPlace) writeFiles(out, single ? options.render.run(judged[0]!) : options.render.suite(suite));
  return { suite, folder: out };
}

/** Beside the first folder, so that nothing that was judged before is written over. */
function freshFolder([first]: readonly Source[], contract: Contract | undefined): string {
  const { folder } = first!;
  return makeFreshFolder(dirname(folder), contract === undefined ? 'merged' : `${basename(folder)}-judged`);
}

/** What played the runs, not what judged them: each command once, a suite's as it was typed. */
const playAgain = (sources: readonly Source[], judged: readonly RunRecord[]): string =>
  distinct(sources.flatMap(({ suite, runs }) => suite?.command ?? recordsIn(runs, judged).map(({ reproduce }) => reproduce))).join('; ');

type Before = Omit<SuiteParts, 'command' | 'runs' | 'folders'>;

/** What suites were called, when they ran and what they could not run is not for the history to say. */
function suiteBefore(sources: readonly Source[], judged: readonly RunRecord[], out: string): Before {
  const suites = sources.flatMap(({ suite }) => suite ?? []);
  const [only] = suites;
  const kept = {
    notApplicable: distinct(suites.flatMap(({ notApplicable }) => notApplicable)),
    notRunnable: distinct([...suites.flatMap(({ notRunnable }) => notRunnable).filter((left) => !ranSomewhere(left, judged)), ...(sources.length > 1 ? missingShards(sources) : [])]),
    allowsNotRunnable: suites.length > 0 && suites.every(({ allowsNotRunnable = false }) => allowsNotRunnable),
    interrupted: suites.some(({ verdict }) => verdict === 'interrupted'),
  };
  if (sources.length === 1 && only !== undefined) {
    const { suiteId, seed, startedAt, durationMs, shard } = only;
    return { suiteId, seed, startedAt, durationMs, shard, ...kept };
  }
  const parts = [...suites, ...sources.filter(({ suite }) => suite === null).flatMap(({ runs }) => recordsIn(runs, judged))];
  const startedAt = parts.map((part) => part.startedAt).sort()[0]!;
  return { suiteId: basename(out), seed: parts[0]!.seed, startedAt, durationMs: parts.reduce((sum, { durationMs }) => sum + durationMs, 0), shard: null, ...kept };
}

/** What one machine could not run, or was stopped before, another may have: then nothing is missing. Without a version it is not known which run is meant. */
const ranSomewhere = ({ name, version }: NotRunnable, judged: readonly RunRecord[]): boolean =>
  judged.some(({ scenario }) => scenario.name === name && scenario.cluster.version === version);

const runIdOf = (folder: string): string => readPlan(runFiles(folder).plan, folder).runId;

function recordsIn(runs: readonly string[], judged: readonly RunRecord[]): readonly RunRecord[] {
  const ids = new Set(runs.map(runIdOf));
  return judged.filter(({ runId }) => ids.has(runId));
}

const distinct = <Value>(values: readonly Value[]): readonly Value[] => [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];

/** Folders of twins in the same suites that were not asked for themselves. One that is still going has shown nothing yet. */
function twinFoldersBeside(folders: readonly string[], records: readonly RunRecord[]): readonly string[] {
  const asked = new Set(records.map(({ scenario }) => cellOf(scenario.name, scenario)));
  const wanted = new Set(records.flatMap(({ scenario }) => (scenario.twin === null ? [] : [cellOf(scenario.twin, scenario)])));
  const suites = new Set(folders.map((folder) => dirname(folder)));
  const siblings = [...suites].flatMap((suite) => readdirSync(suite).map((name) => join(suite, name))).filter((folder) => existsSync(runFiles(folder).plan));
  return siblings.filter((folder) => {
    const { scenario } = readPlan(runFiles(folder).plan, folder);
    const cell = cellOf(scenario.name, scenario);
    return wanted.has(cell) && !asked.has(cell) && livingOwnerOf(folder) === null;
  });
}

const cellOf = (name: string, { cluster }: Scenario): string => `${name} ${cluster.version}`;

/** Takes from the old record what the history does not hold: times, environment, configuration. */
async function judgeOne(folder: string, contract: Contract | undefined): Promise<RunRecord> {
  const old = readRecord(folder);
  const { messages, segments } = runFiles(folder);
  if (old !== null && old.facts === null && !existsSync(messages) && !existsSync(segments)) return old;
  const judged = await judgeFolder(folder, contract);
  const { plan, timeline } = judged;
  const environment = { environment: old?.environment ?? describeEnvironment(null), configuration: old?.configuration ?? plan.scenario.configuration };
  if (old === null) {
    const recalled = recallRun(folder, plan, timeline);
    return assembleRecord({ plan, judged, ...environment, ...recalled, faultLogs: await faultLogsOf(folder, judged.facts, recalled.startedAt.getTime()) });
  }
  const { error, durationMs, phases, repetition, reproduce, logs } = old;
  const startedAt = new Date(old.startedAt);
  const faultLogs = await faultLogsOf(folder, judged.facts, startedAt.getTime());
  return assembleRecord({ plan, judged, ...environment, error, startedAt, durationMs, phases, repetition, reproduce, logs, faultLogs });
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
