// Reads a run's folder back: plan, timeline and sealed events. Says clearly what is missing or from a newer version.
import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { AsyncRecordBatchFileReader, RecordBatchReader } from 'apache-arrow';
import { describeError, LeaderfallError } from '../model/errors.ts';
import type { EventBatch, HistorySource } from '../model/history.ts';
import type { StoreKind } from '../model/cluster.ts';
import type { Plan } from '../model/scenario.ts';
import type { TimelineEntry } from '../model/timeline.ts';
import { fromRecordBatch, historyFormat, type HistoryMetadata } from './arrow-format.ts';
import { runFiles } from './segment-format.ts';
import { sealHistory } from './seal.ts';
import { upgradePlan, upgradeTimeline } from './upgrade.ts';

/**
 * Opens a run. One that crashed before it was sealed is sealed now, so that nothing recorded is lost.
 * @throws `E_RUN_NOT_FOUND`, `E_HISTORY_CORRUPT`, `E_HISTORY_NEWER`.
 */
export async function openHistory(folder: string, storeKindOf: (plan: Plan) => StoreKind): Promise<HistorySource> {
  const files = runFiles(folder);
  const plan = readPlan(files.plan, folder);
  if (!existsSync(files.messages)) {
    if (!existsSync(files.segments)) throw corrupt(folder, 'there is neither messages.arrow nor a segments folder');
    sealHistory(folder, storeKindOf(plan), []);
  }
  const metadata = await readMetadata(files.messages, folder);
  return {
    plan,
    storeKind: metadata.storeKind,
    workers: metadata.workers,
    integrity: { whole: metadata.whole, detail: metadata.detail },
    batches: (wanted) => readBatches(files.messages, folder, wanted),
    timeline: async () => readTimeline(files.timeline, folder),
  };
}

export function readPlan(path: string, folder: string): Plan {
  if (!existsSync(path)) {
    throw new LeaderfallError('E_RUN_NOT_FOUND', `${folder} holds no run: there is no plan.json`, {
      hint: 'Name a folder under reports/runs, or reports/runs/latest.',
    });
  }
  const plan = parseJson<Plan>(readFileSync(path, 'utf8'), folder, 'plan.json');
  if (plan.schema !== 'leaderfall/plan@1') throw newer(folder, `plan.json has schema ${JSON.stringify(plan.schema)}, this version reads leaderfall/plan@1`);
  return upgradePlan(plan);
}

async function readMetadata(path: string, folder: string): Promise<HistoryMetadata> {
  return await withReader(path, folder, async (reader) => {
    const format = reader.schema.metadata.get('format');
    if (format !== historyFormat) throw newer(folder, `messages.arrow has format ${JSON.stringify(format)}, this version reads ${historyFormat}`);
    return JSON.parse(reader.schema.metadata.get('leaderfall') ?? '{}') as HistoryMetadata;
  });
}

async function* readBatches(path: string, folder: string, wanted: (index: number) => boolean = () => true): AsyncGenerator<EventBatch> {
  const file = await open(path, 'r');
  try {
    const reader = await openReader(file, folder);
    for (let index = 0; index < reader.numRecordBatches; index++) {
      if (!wanted(index)) continue;
      const batch = await reader.readRecordBatch(index);
      if (batch === null) throw corrupt(folder, `record batch ${index} of messages.arrow cannot be read`);
      yield fromRecordBatch(batch);
    }
  } finally {
    await file.close();
  }
}

async function withReader<T>(path: string, folder: string, use: (reader: AsyncRecordBatchFileReader) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await use(await openReader(file, folder));
  } finally {
    await file.close();
  }
}

async function openReader(file: Awaited<ReturnType<typeof open>>, folder: string): Promise<AsyncRecordBatchFileReader> {
  try {
    const reader = await RecordBatchReader.from(file);
    await reader.open();
    if (!(reader instanceof AsyncRecordBatchFileReader)) throw new Error('it has no Arrow file footer');
    return reader;
  } catch (error) {
    throw corrupt(folder, `messages.arrow is truncated or damaged (${describeError(error)})`);
  }
}

/** A last line torn by a kill of the harness is left out; a damaged line elsewhere is an error. */
function readTimeline(path: string, folder: string): readonly TimelineEntry[] {
  if (!existsSync(path)) throw corrupt(folder, 'timeline.ndjson is missing');
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return upgradeTimeline(lines.map((line, index) => parseJson<TimelineEntry>(line, folder, `timeline.ndjson line ${index + 1}`)));
}

function parseJson<T>(text: string, folder: string, what: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw corrupt(folder, `${what} is not JSON (${describeError(error)})`);
  }
}

const corrupt = (folder: string, what: string) =>
  new LeaderfallError('E_HISTORY_CORRUPT', `The history in ${folder} cannot be read: ${what}`, { hint: 'Take the folder from a backup or run the scenario again; a damaged history is never judged.' });

const newer = (folder: string, what: string) =>
  new LeaderfallError('E_HISTORY_NEWER', `The run in ${folder} was written by another version: ${what}`, { hint: 'Use the version of leaderfall that wrote it, or a newer one.' });
