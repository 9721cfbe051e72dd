// How long the facts of ten million messages take, and how much memory, beside the same counts in DuckDB and in Python.
import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openHistory } from '../harness/history/open-history.ts';
import { generateHistory, type Detail, type Generated } from '../harness/checkers/testing/generate-history.ts';
import { median, type Row } from './row.ts';

const messages = 10_000_000;
const repetitions = 3;
const mostMinutes = 10;
const script = (name: string) => new URL(`compare/${name}`, import.meta.url).pathname;

interface Measured {
  readonly milliseconds: number;
  /** All threads together: comparable on a machine that does other things as well. */
  readonly processorMs: number;
  readonly peakMegabytes: number;
  readonly lost: number;
  readonly copies?: number;
}

export async function benchCheck(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leaderfall-bench-'));
  try {
    const lean = await checked(join(folder, 'lean'), 'lean');
    const whole = await checked(join(folder, 'whole'), 'whole');
    return [...rowsOf(lean), ...rowsOf(whole), ...await compared(join(folder, 'whole'), whole)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const processor = ({ processorMs }: Measured): string => `${(processorMs / 1_000).toFixed(1)} s of processor`;

interface Checked {
  readonly made: Generated;
  readonly measured: Measured;
}

async function checked(folder: string, detail: Detail): Promise<Checked> {
  const made = generateHistory(folder, messages, detail);
  const runs: Measured[] = [];
  for (let run = 0; run < repetitions; run++) runs.push(await measure(process.execPath, [script('check-once.ts'), folder], made));
  return { made, measured: { ...runs[0]!, milliseconds: median(runs.map((run) => run.milliseconds)), processorMs: median(runs.map((run) => run.processorMs)), peakMegabytes: Math.max(...runs.map((run) => run.peakMegabytes)) } };
}

function rowsOf({ made, measured }: Checked): readonly Row[] {
  const events = `${Math.round(made.events / 1e6)} million events`;
  return [
    { name: `checking 10 million messages, ${events}`, value: measured.milliseconds / 1_000, unit: 's', budget: 2.5, note: `all facts, with reading; median of ${repetitions}; ${processor(measured)}` },
    { name: `peak memory of checking, ${events}`, value: measured.peakMegabytes, unit: 'MB', budget: 1_024, note: 'whole process' },
  ];
}

async function compared(folder: string, { made, measured }: Checked): Promise<readonly Row[]> {
  const times = (other: Measured) => `${processor(other)}, ${(other.processorMs / measured.processorMs).toFixed(1)} x checking`;
  const rows: Row[] = [];
  const duckdb = await measure(process.execPath, [script('duckdb-once.ts'), String(messages)], made);
  rows.push({ name: 'the same counts in DuckDB', value: duckdb.milliseconds / 1_000, unit: 's', note: `2 threads, table in memory, loading not counted; ${times(duckdb)}` });
  try {
    const python = await measure('python3', [script('set_difference.py'), ...await writeRawColumns(folder)], made);
    rows.push({ name: 'the lost alone as a Python set difference', value: python.milliseconds / 1_000, unit: 's', note: `raw columns, with reading; ${times(python)}, ${Math.round(python.peakMegabytes)} MB` });
  } catch (error) {
    rows.push({ name: 'the lost alone as a Python set difference', value: Number.NaN, unit: 's', note: `not runnable here: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}` });
  }
  return rows;
}

/** Every contender must find what was planted, or its time means nothing. */
async function measure(command: string, args: readonly string[], { lost, copies }: Generated): Promise<Measured> {
  const { stdout } = await promisify(execFile)(command, args, { timeout: mostMinutes * 60_000 });
  const measured = JSON.parse(stdout) as Measured;
  if (measured.lost !== lost || (measured.copies ?? copies) !== copies) throw new Error(`${command} found ${stdout.trim()}, planted were ${lost} lost and ${copies} copies`);
  return measured;
}

/** For Python without Arrow: the two columns that a set difference needs. */
async function writeRawColumns(folder: string): Promise<readonly string[]> {
  const source = await openHistory(folder, () => 'log');
  const paths = ['kind', 'sequence'].map((name) => join(folder, `${name}.raw`));
  const [kinds, sequences] = paths.map((path) => openSync(path, 'w')) as [number, number];
  for await (const { kind, sequence } of source.batches()) {
    writeSync(kinds, kind);
    writeSync(sequences, sequence);
  }
  closeSync(kinds);
  closeSync(sequences);
  return paths;
}

if (import.meta.main) for (const { name, value, unit, note } of await benchCheck()) process.stdout.write(`${name}\t${value.toPrecision(3)}\t${unit}\t${note ?? ''}\n`);
