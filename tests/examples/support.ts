// An example as its reader runs it: its own setup script, then the command line on its scenario file, on a real cluster.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { Measure } from '../../harness/model/contract.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { Place, readRecord } from '../../harness/run/testing/program.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const setupMs = 300_000;

export async function setUp(name: string): Promise<string> {
  const { stdout } = await promisify(execFile)(join(examples, name, 'setup.sh'), { timeout: setupMs });
  return stdout;
}

export interface Played {
  readonly code: number | null;
  readonly stderr: string;
  readonly runs: ReadonlyMap<string, RunRecord>;
}

/** Scenario files below `examples/`, in one run: those with the same cluster share it. */
export async function play(...files: readonly string[]): Promise<Played> {
  using place = new Place();
  const { code, stderr } = await place.start(['run', ...files.map((file) => join(examples, file)), '--seed', 'examples', '--out', place.out], { env: { TMPDIR: process.env['TMPDIR'] ?? '/tmp' } });
  const records = place.runFolders.map(readRecord);
  return { code, stderr, runs: new Map(records.map((record) => [record.scenario.name, record])) };
}

export const countOf = ({ runs }: Played, scenario: string, measure: Measure): number | undefined => runs.get(scenario)?.facts?.measures.find((fact) => fact.measure === measure)?.count;
