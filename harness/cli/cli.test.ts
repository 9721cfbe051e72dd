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

describe('leaderfall run --broker-version', () => {
  const kafka = (name: string, more = ''): string => `- name: ${name}\n  cluster: { broker: kafka }\n  steps: [{ wait: { elapsedMs: 1 } }]\n  contract: { lost: forbidden }\n${more}`;
  const only = '  only: { versions: [3.9], because: removed in 4.0 }\n';
  const differs = '  onVersions: [{ versions: [4.3], because: measured otherwise, contract: { lost: allowed } }]\n';
  const file = (): string => write('matrix.yaml', `${kafka('mine/all', differs)}${kafka('mine/old', only)}`);

  test('--dry-run prints every cell of the matrix, cluster by cluster, and what is not there with the reason', async () => {
    const { code, stdout } = await called(['run', file(), '--dry-run', '--broker-version', 'kafka=3.9,4.3']);
    expect(code).toBe(0);
    expect(stdout.match(/^mine\/.*|^ {2}cluster .*?,/gm)).toEqual(['mine/all: mine/all', '  cluster     kafka 3.9,', 'mine/old: mine/old', '  cluster     kafka 3.9,', 'mine/all: mine/all', '  cluster     kafka 4.3,']);
    expect(stdout).toContain('matrix\n  mine/all  3.9, 4.3\n  mine/old  3.9\n  not on 4.3: mine/old: kafka 4.3 does not have this policy: removed in 4.0\n');
    expect(stdout).toContain('  contract    lost allowed\n  on 4.3      measured otherwise\n');
    expect(stdout).toContain('3 runs in this order, on 2 clusters; nothing was started');
  });

  test.each([
    [['kafka'], '--broker-version takes broker=version,…, not "kafka"', 'For example: --broker-version kafka=3.9,4.1'],
    [['kafak=3.9'], 'There is no broker "kafak"; did you mean "kafka"?', 'Brokers: memory, kafka, rabbitmq.'],
    [['kafka=3.9,4.1.0'], 'There is no version "4.1.0" of kafka here; did you mean "4.1"?', 'Allowed: 3.9, 4.0, 4.1'],
    [['kafka=3.9,'], 'There is no version "" of kafka here', 'Allowed: 3.9'],
    [['rabbitmq=4.3'], '--broker-version names rabbitmq, and no chosen scenario runs on it', 'Leave it out'],
    [['kafka=3.9', '--set', 'cluster.version=3.9'], 'The version is set twice', 'Leave --set cluster.version out'],
  ])('%j exits 2 with what is allowed', async ([value, ...more], message, hint) => {
    const { code, stderr } = await called(['run', file(), '--dry-run', '--broker-version', value!, ...more]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`error[E_USAGE]: ${message}`)]);
    expect(stderr).toContain(hint);
  });

  test('where no version has any of the scenarios exits 2 with the reasons', async () => {
    const { code, stderr } = await called(['run', write('old.yaml', kafka('mine/old', only)), '--broker-version', 'kafka=4.0,4.3']);
    expect(code).toBe(2);
    expect(stderr).toContain('mine/old on 4.3: kafka 4.3 does not have this policy: removed in 4.0');
  });

  test('list says which versions have a policy and where it differs', async () => {
    const { stdout } = await called(['list', file()]);
    expect(stdout).toContain('only 3.9: removed in 4.0');
    expect(stdout).toContain('differs on 4.3: measured otherwise');
    const listed = JSON.parse((await called(['list', file(), '--json'])).stdout) as readonly object[];
    expect(listed).toMatchObject([{ only: null, conditions: [{ versions: ['4.3'], because: 'measured otherwise' }] }, { only: { versions: ['3.9'] }, version: '3.9', conditions: [] }]);
  });

  test('--shard cuts the matrix by families', async () => {
    const shards = await Promise.all(['1/2', '2/2'].map((part) => called(['run', file(), '--dry-run', '--broker-version', 'kafka=3.9,4.3', '--shard', part])));
    expect(shards.map(({ stdout }) => stdout.match(/^mine\/\w+/gm))).toEqual([['mine/all', 'mine/all'], ['mine/old']]);
    expect(shards.map(({ stdout }) => stdout.includes('not on 4.3: mine/old'))).toEqual([false, true]);
    expect(shards[1]!.stdout).toContain('1 run in this order, on 1 cluster, shard 2/2; nothing was started');
    expect(new Set(shards.flatMap(({ stdout }) => stdout.match(/^ {2}seed .*/gm))).size).toBe(1);
    const many = await called(['run', file(), '--dry-run', '--shard', '1/3']);
    expect([many.code, many.stderr]).toEqual([2, expect.stringContaining('2 families of scenarios cannot be cut into 3 shards')]);
    const wrong = await called(['run', file(), '--dry-run', '--shard', '3/2']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--shard takes i/n with i from 1 to n, not "3/2"')]);
  });
});

test('a policy by name stands in the plan with all that it sets', async () => {
  const { stdout } = await called(['run', write('policy.yaml', 'name: mine\npolicy: at-least-once\ncluster: { broker: kafka }\nsteps: [{ wait: { elapsedMs: 1 } }]\ncontract: at-least-once\n'), '--dry-run']);
  expect(stdout).toContain('resend unknown, acks all');
  expect(stdout).toContain('settle after-processing');
  expect(stdout).toContain('lost forbidden');
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

test.each([[['help']], [['help', 'run']], [['run', '--help']]])('%j exits 0', async (args) => {
  const { code, stdout, stderr } = await called(args);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Usage: leaderfall');
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
