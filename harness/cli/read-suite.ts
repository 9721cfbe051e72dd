// An earlier suite, as its folder holds it: for comparing, nothing is judged again.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describeError, LeaderfallError } from '../model/errors.ts';
import { runSchema, suiteSchema, type RunRecord, type SuiteRecord } from '../model/run-record.ts';

/**
 * @param path a suite's or a run's folder, or its suite.json or run.json.
 * @throws `E_RUN_NOT_FOUND`, `E_HISTORY_CORRUPT`, `E_HISTORY_NEWER`.
 */
export function readSuite(path: string): SuiteRecord {
  const record = readRecord(fileIn(path));
  return record.schema === suiteSchema ? record : suiteOf(record);
}

function fileIn(path: string): string {
  const found = [path, join(path, 'suite.json'), join(path, 'run.json')].find((file) => existsSync(file) && statSync(file).isFile());
  if (found !== undefined) return found;
  throw new LeaderfallError('E_RUN_NOT_FOUND', `${path} holds neither suite.json nor run.json`, { hint: "Name a suite's or a run's folder under reports/runs, or reports/runs/latest; leaderfall report writes these files anew from the history." });
}

function readRecord(file: string): SuiteRecord | RunRecord {
  let record: { readonly schema?: unknown } | null;
  try {
    record = JSON.parse(readFileSync(file, 'utf8')) as { readonly schema?: unknown } | null;
  } catch (error) {
    throw new LeaderfallError('E_HISTORY_CORRUPT', `${file} is not JSON (${describeError(error)})`, { hint: 'leaderfall report writes it anew from the history.' });
  }
  if (record?.schema === suiteSchema || record?.schema === runSchema) return record as SuiteRecord | RunRecord;
  throw new LeaderfallError('E_HISTORY_NEWER', `${file} has schema ${JSON.stringify(record?.schema)}, this version reads ${suiteSchema} and ${runSchema}`, { hint: 'Use the version of leaderfall that wrote it, or a newer one.' });
}

const verdictOf = ({ status, judgement }: RunRecord): SuiteRecord['verdict'] => (status === 'completed' ? judgement.verdict : status === 'interrupted' ? 'interrupted' : 'environment');

/** A run alone is compared as a suite of one. */
function suiteOf(run: RunRecord): SuiteRecord {
  const { leaderfall, runId, seed, startedAt, durationMs, reproduce } = run;
  return { schema: suiteSchema, leaderfall, suiteId: runId, seed, startedAt, durationMs, command: reproduce, verdict: verdictOf(run), exitCode: 0, runs: [run], shard: null, notApplicable: [], notRunnable: [] };
}
