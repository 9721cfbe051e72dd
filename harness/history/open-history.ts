// Reads a run's folder back: plan, timeline and sealed events. Says clearly what is missing or from a newer version.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { AsyncRecordBatchFileReader, RecordBatchReader } from 'apache-arrow';
import { describeError, LeaderfallError } from '../model/errors.ts';
import { recordBytes } from '../model/event.ts';
import type { EventBatch, HistorySource } from '../model/history.ts';
import type { StoreKind } from '../model/cluster.ts';
import type { Plan } from '../model/scenario.ts';
import type { TimelineEntry } from '../model/timeline.ts';
import { fromRecordBatch, hasColumns, historyFormat, type HistoryMetadata } from './arrow-format.ts';
import { implausible, limitsOf, type Limits } from './plausible.ts';
import { damageOf, readSeal, sealSchema, type Seal } from './seal-file.ts';
import { runFiles } from './segment-format.ts';
import { sealHistory } from './seal.ts';
import { upgradePlan, upgradeTimeline } from './upgrade.ts';

/**
 * Opens a run that has ended, which the caller makes sure of. One that crashed before it was sealed is sealed now, so that nothing recorded is lost. One that is not what was
 * sealed is refused; one that a version without seals wrote is read, and says so in its integrity.
 * @throws `E_RUN_NOT_FOUND`, `E_HISTORY_CORRUPT`, `E_HISTORY_NEWER`.
 */
export async function openHistory(folder: string, storeKindOf: (plan: Plan) => StoreKind): Promise<HistorySource> {
  const files = runFiles(folder);
  const plan = readPlan(files.plan, folder);
  if (!existsSync(files.messages)) {
    if (!existsSync(files.segments)) throw corrupt(folder, 'there is neither messages.arrow nor a segments folder');
    sealHistory(folder, storeKindOf(plan), []);
  }
  const seal = sealOf(folder);
  for (const path of [files.messages, files.timeline]) refuseDamage(seal, path, folder);
  const metadata = await readMetadata(files.messages, folder);
  if (seal === null && metadata.sealed === true) throw corrupt(folder, 'seal.json is missing');
  const timeline = readTimeline(files.timeline, folder);
  const limits = limitsOf(plan, metadata.workers, timeline, Math.ceil(statSync(files.messages).size / recordBytes));
  return {
    plan,
    storeKind: metadata.storeKind,
    workers: metadata.workers,
    integrity: { whole: metadata.whole, detail: seal === null ? `${metadata.detail}; ${unsealed}` : metadata.detail },
    batches: (wanted) => readBatches(files.messages, folder, limits, wanted),
    timeline: async () => timeline,
  };
}

const unsealed = 'no checksums were kept, so that damage to its files might go unnoticed';

function sealOf(folder: string): Seal | null {
  let seal: Seal | null;
  try {
    seal = readSeal(folder);
  } catch (error) {
    throw corrupt(folder, `seal.json is not JSON (${describeError(error)})`);
  }
  if (seal !== null && seal.schema !== sealSchema) throw newer(folder, `seal.json has schema ${JSON.stringify(seal.schema)}, this version reads ${sealSchema}`);
  return seal;
}

function refuseDamage(seal: Seal | null, path: string, folder: string): void {
  const damage = seal === null ? null : damageOf(seal, path);
  if (damage !== null) throw corrupt(folder, damage);
}

/** @throws `E_RUN_NOT_FOUND`, `E_HISTORY_NEWER`; `E_HISTORY_CORRUPT` where it is not the plan that was sealed. */
export function readPlan(path: string, folder: string): Plan {
  if (!existsSync(path)) {
    throw new LeaderfallError('E_RUN_NOT_FOUND', `${folder} holds no run: there is no plan.json`, {
      hint: 'Name a folder under reports/runs, or reports/runs/latest.',
    });
  }
  const plan = parseJson<Plan>(readFileSync(path, 'utf8'), folder, 'plan.json');
  if (plan.schema !== 'leaderfall/plan@1') throw newer(folder, `plan.json has schema ${JSON.stringify(plan.schema)}, this version reads leaderfall/plan@1`);
  refuseDamage(sealOf(folder), path, folder);
  return upgradePlan(plan);
}

async function readMetadata(path: string, folder: string): Promise<HistoryMetadata> {
  return await withReader(path, folder, async (reader) => {
    const format = reader.schema.metadata.get('format');
    if (format !== historyFormat) throw newer(folder, `messages.arrow has format ${JSON.stringify(format)}, this version reads ${historyFormat}`);
    if (!hasColumns(reader.schema)) throw corrupt(folder, 'messages.arrow has other columns');
    const metadata = parseJson<HistoryMetadata>(reader.schema.metadata.get('leaderfall') ?? '{}', folder, 'what messages.arrow says of itself');
    if (!hasWorkers(metadata)) throw corrupt(folder, 'messages.arrow does not say whose events it has');
    return metadata;
  });
}

/** Indexes have 16 bits, and one of those numbers is nobody's. */
const producersAtMost = 0xffff;
const hasWorkers = ({ workers }: HistoryMetadata): boolean => Array.isArray(workers) && workers.every((worker) => worker.index >= 0 && worker.index < producersAtMost);

async function* readBatches(path: string, folder: string, limits: Limits, wanted: (index: number) => boolean = () => true): AsyncGenerator<EventBatch> {
  const file = await open(path, 'r');
  try {
    const reader = await openReader(file, folder);
    for (let index = 0; index < reader.numRecordBatches; index++) {
      if (!wanted(index)) continue;
      const batch = await readBatch(reader, index, folder);
      const problem = implausible(batch, limits);
      if (problem !== null) throw corrupt(folder, `messages.arrow has ${problem}`);
      yield batch;
    }
  } finally {
    await file.close();
  }
}

async function readBatch(reader: AsyncRecordBatchFileReader, index: number, folder: string): Promise<EventBatch> {
  try {
    const batch = await reader.readRecordBatch(index);
    if (batch === null) throw new RangeError('it is not there');
    return fromRecordBatch(batch);
  } catch (error) {
    throw corrupt(folder, `record batch ${index} of messages.arrow cannot be read (${describeError(error)})`);
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
