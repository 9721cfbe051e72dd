// A node that is a plain process: its lives, the evidence of them, and what is left of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { waitUntil } from '../../model/wait.ts';
import { ProcessNode } from './process-node.ts';

const never = new AbortController().signal;
let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'leaderfall-node-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nodeOf = (script: string): ProcessNode => new ProcessNode({ id: 'one', command: [process.execPath, '-e', script], endpoint: 'nowhere', logFile: join(folder, 'one.log') });
const idle = "console.log('up'); process.stdin.resume().on('end', () => process.exit(0))";

async function says(node: ProcessNode, text: string): Promise<void> {
  await waitUntil(async () => ((await node.lastLogLines(5)).includes(text) ? { done: true, value: undefined } : { done: false, seen: await node.lastLogLines(5) }), { describe: text, timeoutMs: 10_000, intervalMs: 5, signal: never });
}

test('each life has its own process and its own start, and the log holds all of them', async () => {
  await using node = nodeOf(idle);
  expect(await node.state()).toEqual({ status: 'absent', pid: 0, startedAt: '', exitCode: null });
  await node.start(never);
  await says(node, 'up');
  const first = await node.state();
  await node.start(never);
  expect(await node.state()).toEqual(first);
  await node.kill();
  expect(await node.state()).toEqual({ ...first, status: 'exited', exitCode: 137 });
  await node.start(never);
  const second = await node.state();
  expect([second.status, second.pid === first.pid, second.startedAt >= first.startedAt]).toEqual(['running', false, true]);
  await says(node, 'up\nup');
});

test('stop thaws a paused node and asks it to end', async () => {
  await using polite = nodeOf(idle);
  await polite.start(never);
  await says(polite, 'up');
  await polite.pause();
  expect((await polite.state()).status).toBe('paused');
  await polite.stop();
  expect((await polite.state()).exitCode).toBe(143);
});

test('a node that died while it was paused can be thawed and started as if it had not been', async () => {
  await using node = nodeOf(idle);
  await node.start(never);
  await node.pause();
  await node.kill();
  await node.unpause();
  expect((await node.state()).status).toBe('exited');
  await node.start(never);
  expect((await node.state()).status).toBe('running');
});

test('what is not running cannot be paused, and nothing is run inside a plain process', async () => {
  await using node = nodeOf(idle);
  await expect(node.pause()).rejects.toMatchObject({ code: 'E_NODE_FAILED', hint: expect.any(String) });
  await expect(node.exec()).rejects.toMatchObject({ code: 'E_CAPABILITY' });
  await expect(node.netExec()).rejects.toMatchObject({ code: 'E_CAPABILITY' });
});

test('an interrupted start starts nothing, and disposing ends the process', async () => {
  const node = nodeOf(idle);
  await expect(node.start(AbortSignal.abort(new Error('no more')))).rejects.toThrow('no more');
  expect((await node.state()).status).toBe('absent');
  await node.start(never);
  const { pid } = await node.state();
  await node[Symbol.asyncDispose]();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a process that is forced to end takes a paused node along, which could not notice by itself', async () => {
  const script = `
    const { ProcessNode } = await import(${JSON.stringify(new URL('./process-node.ts', import.meta.url).href)});
    const node = new ProcessNode({ id: 'one', command: [process.execPath, '-e', ${JSON.stringify(idle)}], endpoint: 'nowhere', logFile: ${JSON.stringify(join(folder, 'one.log'))} });
    await node.start(new AbortController().signal);
    await node.pause();
    console.log((await node.state()).pid);
    process.exit(1);
  `;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  owner.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  await once(owner, 'close');
  const pid = Number(said);
  expect(pid).toBeGreaterThan(0);
  await waitUntil(async () => (isGone(pid) ? { done: true, value: undefined } : { done: false, seen: `process ${pid} is still there` }), { describe: 'the node to end', timeoutMs: 5_000, intervalMs: 10, signal: never });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
