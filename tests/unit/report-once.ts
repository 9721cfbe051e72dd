// `leaderfall report FOLDER` in a process of its own, so that its memory can be told; then the files of its record once more, for the
// processor time of rendering alone. Prints one line of JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../harness/cli/main.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { renderRun } from '../../reports/render.ts';

const folder = process.argv[2]!;
const silent = { write: () => {} };
const exitCode = await main(['report', folder], { stdout: silent, stderr: process.stderr, env: {}, nowMs: () => 0 });
const record = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord;
const idle = process.cpuUsage();
renderRun(record);
const { user, system } = process.cpuUsage(idle);
process.stdout.write(`${JSON.stringify({ exitCode, renderMs: (user + system) / 1_000, peakMegabytes: process.resourceUsage().maxRSS / 1024 })}\n`);
