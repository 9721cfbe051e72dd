// The data examples as their reader runs them, beside what the same run's record says.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { Measure } from '../../harness/model/contract.ts';
import type { Facts } from '../../harness/model/facts.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';

const examples = fileURLToPath(new URL('../../examples/data/', import.meta.url));
const setupMs = 300_000;
const countMs = 60_000;

export const tools = ['duckdb', 'pandas', 'polars'] as const;

/** @returns null, or why the tools cannot be had here: no Python, or no registry to get them from. */
export async function setUpTools(): Promise<string | null> {
  try {
    await promisify(execFile)(join(examples, 'setup.sh'), { timeout: setupMs });
    return null;
  } catch (error) {
    return `not runnable here: ${String((error as { readonly stderr?: unknown }).stderr ?? error).trim().split('\n').at(-1)}`;
  }
}

export async function recount(tool: (typeof tools)[number], folder: string): Promise<Readonly<Record<string, number>>> {
  const { stdout } = await promisify(execFile)(join(examples, '.venv/bin/python'), [join(examples, `recount_${tool}.py`), folder], { timeout: countMs });
  return JSON.parse(stdout) as Readonly<Record<string, number>>;
}

/** The same names from `run.json`. On a queue the broker's flag is what tells a redelivery; on a log the same record came again. */
export const recorded = (folder: string): Readonly<Record<string, number>> => numbersOf((JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord).facts!);

export function numbersOf({ totals, accounting, measures, storeKind }: Facts): Readonly<Record<string, number>> {
  const count = (measure: Measure): number => measures.find((fact) => fact.measure === measure)!.count;
  // Retention may have removed some: then the recount, which does not know it, has more.
  const erased = measures.find(({ measure }) => measure === 'erased')!;
  const { attempted, attempts, acknowledged, deliveries, deliveredIds, processedIds, settledIds, storedRecords, storedIds } = totals;
  const { baseCount, processed, deadLettered, stuck, lost } = accounting;
  return {
    attempted, attempts, acknowledged, deliveries, deliveredIds, processedIds, settledIds, storedRecords, storedIds, baseCount, processed, deadLettered, stuck, lost,
    processedTwice: count('processedTwice'), unroutable: count('unroutable'),
    ...(storeKind === 'queue' ? { flagged: count('redelivered') } : { copies: count('copies'), redelivered: count('redelivered'), reordered: count('reordered') }),
    ...(storeKind === 'log' && erased.conclusive ? { erased: erased.count } : {}),
  };
}
