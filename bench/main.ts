// `npm run bench`: measures the budgets and prints them as a table. Nothing here passes or fails: timings belong to a machine.
import { cpus, totalmem } from 'node:os';
import { benchCheck } from './check.ts';
import { benchClusterStart } from './cluster-start.ts';
import { benchFaults } from './faults.ts';
import { benchScenarios } from './scenarios.ts';
import type { Row } from './row.ts';
import { benchSeal } from './seal.ts';
import { defineScenario } from '../harness/index.ts';
import { ensureEngine } from '../harness/engine/docker/ensure-engine.ts';

const parts: readonly (readonly [string, () => Promise<readonly Row[]>])[] = [
  ['seal', benchSeal],
  ['check', benchCheck],
  ['start', () => benchClusterStart(defineScenario({ name: 'bench/start', cluster: { broker: 'kafka' }, steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' } }).cluster)],
  ['faults', benchFaults],
  ['scenarios', benchScenarios],
];

const wanted = process.argv.slice(2);
const print = (text: string) => process.stdout.write(`${text}\n`);
await ensureEngine({ fix: false, onProgress: (text) => process.stderr.write(`${text}\n`), signal: AbortSignal.timeout(60_000) });
print(`${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}\n`);
print('| what | measured | budget | note |\n|---|---|---|---|');
for (const [name, part] of parts) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`measuring ${name}\n`);
  for (const { name: what, value, unit, budget, note } of await part()) {
    print(`| ${what} | ${Number(value.toPrecision(3))} ${unit} | ${budget === undefined ? '' : `≤ ${budget}${value > budget ? ' **missed**' : ''}`} | ${note ?? ''} |`);
  }
}
// Clients of clusters that are gone may hold timers for a while.
process.exit(0);
