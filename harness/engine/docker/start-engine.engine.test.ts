import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitUntil } from '../../model/wait.ts';
import { findEngine } from './engine-address.ts';
import { startTicksOf } from '../owner.ts';

/**
 * A second engine beside the running one: own data, own socket, and a network namespace of its own, for an engine without a bridge
 * removes the bridge of the one that runs.
 */
let folder: string;
let arguments_: readonly string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dockerd-test-'));
  arguments_ = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--host', `unix://${folder}/docker.sock`,
    '--pidfile', join(folder, 'docker.pid'), '--bridge', 'none', '--iptables=false', '--ip6tables=false'];
});
afterEach(async () => {
  const pid = Number(await readFile(join(folder, 'docker.pid'), 'utf8').catch(() => '0'));
  if (pid > 0) {
    process.kill(pid, 'SIGTERM');
    await waitUntil(async () => (startTicksOf(pid) === undefined ? { done: true, value: undefined } : { done: false, seen: 'it runs' }),
      { describe: 'the test engine to end', timeoutMs: 30_000, signal: new AbortController().signal });
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** In a process of its own, which ends as soon as the engine answers. */
async function startInChild(args: readonly string[]): Promise<string> {
  const script = `
    const [{ startDetached }, { findEngine }] = await Promise.all([import('./start-engine.ts'), import('./engine-address.ts')]);
    const options = { onProgress: console.log, signal: new AbortController().signal };
    const answered = () => findEngine({ DOCKER_HOST: 'unix://${folder}/docker.sock' }).then(() => true, () => false);
    await startDetached(options, ${JSON.stringify(args)}, answered).catch((error) => console.log(error.code, error.message, error.detail));
    console.log('done');`;
  const { stdout } = await promisify(execFile)('unshare', ['--net', process.execPath, '--input-type=module', '-e', script], { cwd: import.meta.dirname, env: { ...process.env, XDG_CACHE_HOME: folder } });
  return stdout;
}

const mayStart = process.getuid?.() === 0 && (await promisify(execFile)('unshare', ['--net', 'dockerd', '--version']).then(() => true, () => false));

test.skipIf(!mayStart)('an engine that had to be started outlives the process that started it, in a session of its own, with its log in a file', async () => {
  expect(await startInChild(arguments_)).toMatch(/dockerd\.log\ndone\n$/);
  expect(await findEngine({ DOCKER_HOST: `unix://${folder}/docker.sock` })).toMatchObject({ kind: 'socket' });
  const pid = await readFile(join(folder, 'docker.pid'), 'utf8');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const session = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3];
  expect(session).toBe(pid);
  expect(await readFile(join(folder, 'leaderfall', 'dockerd.log'), 'utf8')).toContain('API listen on');
});

test.skipIf(!mayStart)('an engine that ends at once fails with E_NO_ENGINE and its last words, without waiting out the time', async () => {
  const begun = performance.now();
  const output = await startInChild([...arguments_, '--no-such-flag']);
  expect(output).toContain('E_NO_ENGINE');
  expect(output).toContain('unknown flag: --no-such-flag');
  expect(performance.now() - begun).toBeLessThan(20_000);
  expect(await readdir(folder)).not.toContain('docker.sock');
});
