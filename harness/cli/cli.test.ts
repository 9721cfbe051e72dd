// The program as people start it: arguments in; stdout, stderr and exit code out. `started` is a process of its own, `called` is not.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { main } from './main.ts';

const program = fileURLToPath(new URL('../../bin/leaderfall.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'leaderfall-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function started(args: readonly string[], nodeArgs: readonly string[] = []): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = spawn(process.execPath, [...nodeArgs, program, ...args], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => { output.stdout += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { output.stderr += chunk.toString(); });
  child.on('close', (code) => resolve({ code, ...output }));
  return promise;
}

async function called(args: readonly string[]): Promise<Ended> {
  const output = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof output) => ({ write: (text: string) => { output[name] += text; } });
  const code = await main(args, { stdout: stream('stdout'), stderr: stream('stderr'), env: {}, nowMs: () => 0 });
  return { code, ...output };
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const yaml = (lost: string): string => `name: mine/${lost}\ncluster: { broker: memory }\nsteps:\n  - wait: { elapsedMs: 1 }\ncontract: { lost: ${lost} }\n`;

describe('leaderfall list', () => {
  test('--json names the shipped scenarios on stdout and nothing on stderr', async () => {
    const { code, stdout, stderr } = await started(['list', '--json', '--tag', 'demo']);
    const listed = JSON.parse(stdout) as readonly { readonly name: string; readonly needsEngine: boolean }[];
    expect([code, stderr]).toEqual([0, '']);
    expect(listed).toHaveLength(8);
    expect(listed.filter(({ needsEngine }) => !needsEngine).map(({ name }) => name)).toEqual(['memory/answer-on-accept/crash', 'memory/answer-after-processing/crash']);
  });

  test('takes scenario files beside names', async () => {
    const { code, stdout } = await called(['list', write('mine.yaml', yaml('forbidden'))]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^mine\/forbidden\n/);
  });
});

describe('leaderfall run', () => {
  test('with an unknown name exits 2, suggests one, and creates nothing', async () => {
    const { code, stdout, stderr } = await started(['run', 'kafka/acks-al/leader-kill']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('error[E_SCENARIO_UNKNOWN]: No scenario is called or matches "kafka/acks-al/leader-kill"; did you mean "kafka/acks-all/leader-kill"?');
    expect(stderr).toContain('hint: ');
    expect(existsSync(join(folder, 'reports'))).toBe(false);
  });

  test('with a broken YAML file exits 2 and says file:line:column', async () => {
    const { code, stderr } = await started(['run', write('broken.yaml', 'name: x\nsteps: [\n')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/error\[E_SCENARIO_INVALID\]: .*broken\.yaml:\d+:\d+: not valid YAML/);
  });

  test('with an invalid scenario exits 2 and lists every problem with its place', async () => {
    const { code, stderr } = await called(['run', write('wrong.yaml', yaml('forbiden').replace('memory', 'memry'))]);
    expect(code).toBe(2);
    expect(stderr).toContain('wrong.yaml:2:20: cluster.broker: received "memry"; allowed: memory, kafka, rabbitmq; did you mean "memory"?');
  });

  test('with contradictory settings exits 2 with a code of its own', async () => {
    const { code, stderr } = await called(['run', write('contradiction.yaml', `name: a\ncluster: { broker: kafka, nodes: 1 }\nsteps: [{ wait: { elapsedMs: 1 } }]\ncontract: { lost: forbidden }\n`)]);
    expect(code).toBe(2);
    expect(stderr).toContain('error[E_CONTRADICTION]');
    expect(stderr).toContain('replicationFactor 3 needs 3 nodes');
  });

  test('with a file that is not there exits 2', async () => {
    const { code, stderr } = await called(['run', 'none.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no scenario file none.yaml');
  });

  test('--dry-run prints the plans of a scenario and its twin, and creates nothing', async () => {
    const { code, stdout } = await started(['run', 'kafka/acks-1/leader-kill-behind', '--dry-run', '--seed', 'abc']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^kafka\/acks-1\/leader-kill-behind: /);
    expect(stdout).toContain('kafka/acks-all/leader-kill-behind: ');
    expect(stdout).toContain('seed        abc');
    expect(stdout).toContain('nothing was started');
    expect(existsSync(join(folder, 'reports'))).toBe(false);
  });

  test('--set changes a field of all chosen scenarios, and is checked', async () => {
    const good = await called(['run', 'kafka/acks-all/leader-kill', '--dry-run', '--set', 'cluster.version=3.9', '--set', 'payloadBytes=10']);
    expect(good.stdout).toContain('kafka 3.9');
    const bad = await called(['run', 'kafka/acks-all/leader-kill', '--dry-run', '--set', 'cluster.version=2.8']);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('cluster.version: received "2.8"; allowed: 3.9')]);
    const wrong = await called(['run', 'kafka/acks-all/leader-kill', '--dry-run', '--set', 'payloadBytes']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--set takes path=value, not "payloadBytes"')]);
  });

  test.each([['0'], ['many'], ['1.5'], ['-1']])('--repeat %s exits 2', async (count) => {
    const { code, stderr } = await called(['run', `--repeat=${count}`, '--dry-run']);
    expect(code).toBe(2);
    expect(stderr).toContain(`--repeat takes a whole number from 1 to 1000, not "${count}"`);
  });
});

describe('leaderfall report', () => {
  test('with an unknown measure in its contract exits 2', async () => {
    const { code, stderr } = await called(['report', '.', '--contract', write('contract.yaml', 'lots: forbidden\n')]);
    expect(code).toBe(2);
    expect(stderr).toContain('contract.yaml:1:1: lots: unknown key "lots"; did you mean "lost"?');
  });
});

describe('a wrong command line', () => {
  test.each([
    [['rnu'], "unknown command 'rnu'"],
    [['run', '--sede', 'x'], "unknown option '--sede'"],
    [['report'], "missing required argument 'runs'"],
  ])('%j exits 2 with our kind of error', async (args, message) => {
    const { code, stdout, stderr } = await called(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error[E_USAGE]: ${message}`);
  });

  test('without a command shows the help and exits 2', async () => {
    const { code, stderr } = await called([]);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: leaderfall');
  });
});

test('--help goes to stdout, names the exit codes and exits 0', async () => {
  const { code, stdout, stderr } = await called(['--help']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('130 interrupted');
});

test('an old Node is told what is needed before anything is loaded', async () => {
  const old = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"16.3.0"}})';
  const { code, stderr } = await started(['list'], ['--import', old]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/leaderfall needs Node \d+(\.\d+)? or newer; this is Node 16\.3\.0\nhint: /);
});
