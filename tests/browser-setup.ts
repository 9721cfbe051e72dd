// The report is tested in a real browser: Debian's Chromium, installed where that is possible and it is missing.
import { spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { existsSync } from 'node:fs';

const limitMs = 5 * 60_000;

export default function setup(): void {
  if (existsSync('/usr/bin/chromium') || !existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return;
  process.stderr.write('installing Chromium for the report\'s tests\n');
  const options: SpawnSyncOptions = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: limitMs };
  spawnSync('apt-get', ['update', '-q'], options);
  // A failure is told by the tests themselves: they say "not runnable here".
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], options);
}
