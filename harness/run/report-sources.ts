// What `report` was given: folders of runs and of suites, each run counted once, shards of one seed in their order.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describeError, LeaderfallError } from '../model/errors.ts';
import { suiteSchema, type SuiteRecord } from '../model/run-record.ts';
import { readPlan } from '../history/open-history.ts';
import { runFiles } from '../history/segment-format.ts';
import { parseShard } from '../scenario/shards.ts';

export interface Source {
  readonly folder: string;
  /** Folders of its runs; the folder itself where it is a run's. */
  readonly runs: readonly string[];
  /** null: a run's folder, or a suite that ended before its record was written. */
  readonly suite: SuiteRecord | null;
}

/**
 * A run inside a suite that is given too is not given twice.
 * @throws `E_RUN_NOT_FOUND` for a folder without any run, `E_HISTORY_CORRUPT` or `E_HISTORY_NEWER` for a suite's record that cannot be read.
 */
export function readSources(folders: readonly string[]): readonly Source[] {
  const given = [...new Set(folders.map(realFolder))].map(sourceOf);
  const within = new Set(given.flatMap(({ folder, runs }) => runs.filter((run) => run !== folder)));
  return inShardOrder(given.filter(({ folder }) => !within.has(folder)));
}

/** All runs of the sources; of copies of one run the first. */
export function distinctRuns(sources: readonly Source[]): readonly string[] {
  const byId = new Map<string, string>();
  for (const folder of sources.flatMap(({ runs }) => runs)) {
    const { runId, createdAt, scenario: { name, cluster } } = readPlan(runFiles(folder).plan, folder);
    // Two machines that begin in the same second with one seed and a version each give their runs one id.
    const id = JSON.stringify([runId, createdAt, name, cluster.version]);
    if (!byId.has(id)) byId.set(id, folder);
  }
  return [...byId.values()];
}

/** Parts of a run over several machines that nobody gave: what they would show is not known. */
export function missingShards(sources: readonly Source[]): SuiteRecord['notRunnable'] {
  const parts = Map.groupBy(sources.filter(({ suite }) => shardOf(suite) !== null), (source) => partsKey(source)!);
  return [...parts.values()].flatMap((members) => {
    const given = new Set(members.map(({ suite }) => shardOf(suite)!.index));
    const { count } = shardOf(members[0]!.suite)!;
    const missing = Array.from({ length: count }, (_, nth) => nth + 1).filter((index) => !given.has(index));
    return missing.map((index) => ({ name: `shard ${index}/${count}`, reason: `the suite of this shard (seed ${members[0]!.suite!.seed}) was not given` }));
  });
}

const shardOf = (suite: SuiteRecord | null) => parseShard(suite?.shard ?? '');

/** Equal for the shards of one choice. */
function partsKey({ suite }: Source): string | null {
  const shard = shardOf(suite);
  return shard === null ? null : `${suite!.seed} ${shard.count}`;
}

/** Shards that belong together stand where the first of them was given. */
function inShardOrder(sources: readonly Source[]): readonly Source[] {
  const groups = Map.groupBy(sources, (source) => partsKey(source) ?? source.folder);
  return [...groups.values()].flatMap((members) => members.toSorted((a, b) => (shardOf(a.suite)?.index ?? 0) - (shardOf(b.suite)?.index ?? 0)));
}

function realFolder(folder: string): string {
  const path = resolve(folder);
  if (!existsSync(path)) throw notFound(path);
  return realpathSync(path);
}

/** A run's folder has a plan; a suite's folder has runs' folders in it. */
function sourceOf(folder: string): Source {
  if (existsSync(runFiles(folder).plan)) return { folder, runs: [folder], suite: null };
  const children = statSync(folder).isDirectory() ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const suite = readSuite(folder);
  const runs = inPlayedOrder(children.filter((child) => existsSync(runFiles(child).plan)), suite);
  if (runs.length === 0 && suite === null) throw notFound(folder);
  return { folder, runs, suite };
}

/** As the suite lists them; what it does not list follows by when it was planned. Times of files say nothing: a copy has others. */
function inPlayedOrder(runs: readonly string[], suite: SuiteRecord | null): readonly string[] {
  const listed = new Map((suite?.runs ?? []).map(({ runId }, index) => [runId, index]));
  const placed = runs.map((folder) => {
    const { runId, createdAt } = readPlan(runFiles(folder).plan, folder);
    return { folder, createdAt, place: listed.get(runId) ?? Infinity };
  });
  return placed.sort((a, b) => (a.place === b.place ? compareText(a.createdAt, b.createdAt) || compareText(a.folder, b.folder) : a.place - b.place)).map(({ folder }) => folder);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export const notFound = (folder: string) =>
  new LeaderfallError('E_RUN_NOT_FOUND', `${folder} holds no run`, { hint: 'Name a run\'s or a suite\'s folder under reports/runs, or reports/runs/latest.' });

function readSuite(folder: string): SuiteRecord | null {
  const path = join(folder, 'suite.json');
  if (!existsSync(path)) return null;
  let suite: SuiteRecord;
  try {
    suite = JSON.parse(readFileSync(path, 'utf8')) as SuiteRecord;
  } catch (error) {
    throw new LeaderfallError('E_HISTORY_CORRUPT', `${path} is not JSON (${describeError(error)})`, { hint: 'Remove it to judge the runs alone.' });
  }
  if (suite.schema !== suiteSchema) {
    throw new LeaderfallError('E_HISTORY_NEWER', `${path} has schema ${JSON.stringify(suite.schema)}, this version reads ${suiteSchema}`, { hint: 'Use the version of leaderfall that wrote it, or a newer one.' });
  }
  return { ...suite, shard: suite.shard ?? null, notApplicable: suite.notApplicable ?? [] };
}
