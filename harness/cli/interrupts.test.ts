// Ctrl+C, in processes of their own.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'leaderfall-interrupts-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Ends with the exit code and everything on stderr; `when` is called with stderr so far, each time there is more of it. */
function ended(child: ChildProcess, when: (stderr: string) => void): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const { promise, resolve } = Promise.withResolvers<{ readonly code: number | null; readonly stderr: string }>();
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => when(stderr += chunk.toString()));
  child.stdout?.resume();
  child.on('close', (code) => resolve({ code, stderr }));
  return promise;
}

/** Sends a signal the first time that the text shows up. */
function once(child: ChildProcess, text: string, signal: NodeJS.Signals): (stderr: string) => void {
  let sent = false;
  return (stderr) => {
    if (sent || !stderr.includes(text)) return;
    sent = true;
    child.kill(signal);
  };
}

const stuck = `
  const { listenForInterrupts } = await import(${JSON.stringify(new URL('./interrupts.ts', import.meta.url).href)});
  const interrupts = listenForInterrupts({ stdout: process.stdout, stderr: process.stderr, env: {}, nowMs: () => 0 });
  setInterval(() => {}, 1_000);
  interrupts.signal.addEventListener('abort', () => process.stderr.write('aborted with ' + interrupts.signal.reason.code + '\\n'));
  process.stderr.write('listening\\n');
`;

test('the first signal aborts and says so, the second one forces the end', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', stuck]);
  const first = once(child, 'listening', 'SIGINT');
  const second = once(child, 'aborted with E_INTERRUPTED', 'SIGINT');
  const { code, stderr } = await ended(child, (text) => { first(text); second(text); });
  expect(code).toBe(130);
  expect(stderr).toContain('Ctrl+C again forces');
  expect(stderr).toContain('forced to stop');
});

test('an error that nobody caught ends the run in good order too, as a defect', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${stuck}\n setTimeout(() => { throw new Error('out of the blue'); }, 1);`]);
  const { code, stderr } = await ended(child, once(child, 'aborted with E_INTERNAL', 'SIGINT'));
  expect(stderr).toContain('error[E_INTERNAL]: out of the blue');
  expect(code).toBe(70);
});

test('a run that is interrupted amid the chaos keeps its folder and exits 130', async () => {
  const program = fileURLToPath(new URL('../../bin/leaderfall.js', import.meta.url));
  const child = spawn(process.execPath, [program, 'run', 'memory/answer-on-accept/crash', '--out', folder], { env: { ...process.env, NO_COLOR: '1' } });
  const { code } = await ended(child, once(child, ' chaos\n', 'SIGINT'));
  expect(code).toBe(130);
  const suite = readdirSync(folder).find((name) => name !== 'latest')!;
  const record = JSON.parse(readFileSync(join(folder, suite, 'suite.json'), 'utf8')) as { readonly verdict: string };
  expect(record.verdict).toBe('interrupted');
});
