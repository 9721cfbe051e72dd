// One suite of three repetitions through the program, then everything that `leaderfall report` can be asked about it, and all that can be wrong.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { writeSeal } from '../history/seal-file.ts';
import type { Plan } from '../model/scenario.ts';
import type { RunRecord, SuiteRecord } from '../model/run-record.ts';
import { Place, readRecord, type Ended } from './testing/program.ts';

const yaml = `name: mine/again
cluster: { broker: memory, defects: { losesEvery: 50 } }
producer: { inFlight: 8, ratePerSecond: 800, timeoutMs: 400 }
consumer: { prefetch: 20 }
steady: { acknowledged: 20 }
steps: [{ wait: { acknowledged: 100 } }]
contract: { lost: allowed, stuck: forbidden }
`;

const place = new Place();
let first: Ended;
let originals: readonly string[];
beforeAll(async () => {
  first = await place.start(['run', place.write('again.yaml', yaml), '--repeat', '3', '--seed', 'abc', '--out', place.out, '--set', 'payloadBytes=64']);
  originals = place.runFolders;
}, 120_000);
afterAll(() => place[Symbol.dispose]());

let copies = 0;
/** A copy of the first run, to be damaged. */
function copyOfRun(): string {
  const folder = join(place.folder, `copy-${++copies}`);
  cpSync(originals[0]!, folder, { recursive: true });
  return folder;
}

async function report(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const output = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof output) => ({ write: (text: string) => { output[name] += text; } });
  const code = await main(['report', ...args], { stdout: stream('stdout'), stderr: stream('stderr'), env: {}, nowMs: () => 0 });
  return { code, ...output };
}

const planOf = (folder: string): Plan => JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as Plan;

describe('leaderfall run --repeat 3', () => {
  test('runs three times, says so, and exits 0', () => {
    expect([first.code, first.stderr.split('\n').filter((line) => line.includes('mine/again')).length]).toEqual([0, 3]);
    expect(first.stderr).toContain('3 of 3 mine/again (repetition 3)');
    expect(first.stdout).toMatch(/mine\/again +✓ upheld .*\n +upheld in 3 of 3/);
    expect(first.stdout).toContain('mine/again: lost in 3 of 3 (95 % interval 44 % to 100 %)\n');
    expect(place.suite.repetitions).toMatchObject([{ scenario: 'mine/again', version: 'embedded', judged: 3, notJudged: 0, verdicts: { upheld: { count: 3, of: 3 } } }]);
    expect(place.suite.runs.map(({ repetition }) => repetition)).toEqual([1, 2, 3]);
    expect(originals.map((folder) => basename(folder))).toEqual(['mine-again-r1', 'mine-again-r2', 'mine-again-r3']);
  });

  test('the same seed gives the same plan each time, apart from ids and the moment', () => {
    const [one, two, three] = originals.map(planOf).map(({ runId: _, runTag: __, createdAt: ___, ...plan }) => plan);
    expect(one!.seed).toBe('abc');
    expect(two).toEqual(one);
    expect(three).toEqual(one);
    expect(new Set(originals.map((folder) => planOf(folder).runTag)).size).toBe(3);
  });

  test('the effective configuration is in the record, each value with its source', () => {
    const { configuration } = readRecord(originals[0]!);
    const sourceOf = (scope: string, key: string) => configuration.find((row) => row.scope === scope && row.key === key);
    expect(sourceOf('producer', 'ratePerSecond')).toMatchObject({ value: '800', source: 'scenario' });
    expect(sourceOf('producer', 'resend')).toMatchObject({ value: 'never', source: 'default' });
    expect(sourceOf('queue', 'answer')).toMatchObject({ value: 'on-accept', source: 'default' });
    expect(sourceOf('consumer', 'prefetch')).toMatchObject({ value: '20', source: 'scenario' });
    expect(sourceOf('workload', 'payloadBytes')).toMatchObject({ value: '64', source: 'flag' });
    expect(sourceOf('broker', 'defects.losesEvery')).toMatchObject({ value: '50', source: 'scenario' });
    expect(sourceOf('broker', 'defects.corruptsEvery')).toMatchObject({ value: '0', source: 'default' });
  });

  test('every file of a run and of the suite is there', () => {
    for (const name of ['plan.json', 'messages.arrow', 'timeline.ndjson', 'seal.json', 'run.json', 'report.html', 'junit.xml', 'summary.md', 'metrics.txt', join('logs', 'memory-1.log')]) {
      expect(existsSync(join(originals[0]!, name)), name).toBe(true);
    }
    for (const name of ['suite.json', 'report.html', 'junit.xml']) expect(existsSync(join(place.out, 'latest', name)), name).toBe(true);
    expect(existsSync(join(originals[0]!, 'segments'))).toBe(false);
  });
});

describe('leaderfall report', () => {
  test('comes to the same facts and the same judgement from the history', async () => {
    const folder = copyOfRun();
    const before = readRecord(folder);
    expect((await report(folder)).code).toBe(0);
    expect(readRecord(folder)).toEqual(before);
    expect(before.facts!.accounting.lost).toBeGreaterThan(0);
  });

  test('comes to the same facts, judgement and course without run.json', async () => {
    const folder = copyOfRun();
    const before = readRecord(folder);
    rmSync(join(folder, 'run.json'));
    expect((await report(folder)).code).toBe(0);
    const after = readRecord(folder);
    expect([after.facts, after.judgement, after.status]).toEqual([before.facts, before.judgement, 'completed']);
    const course = ({ phases }: RunRecord) => phases.filter(({ phase }) => phase !== 'judge').map(({ phase, ok, detail }) => [phase, ok, detail]);
    expect(course(after)).toEqual(course(before));
    expect([after.repetition, after.logs]).toEqual([before.repetition, before.logs]);
  });

  test('judges a run whose record says that there was nothing to judge, where there is a history all the same', async () => {
    const folder = copyOfRun();
    const before = readRecord(folder);
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...before, facts: null }));
    await report(folder);
    expect(readRecord(folder).facts).toEqual(before.facts);
  });

  test('with a stricter contract comes to another verdict, and forgets it the next time', async () => {
    const folder = copyOfRun();
    const contract = place.write('stricter.yaml', 'lost: forbidden\n');
    const { code, stdout } = await report(folder, '--contract', contract, '--json');
    expect([code, (JSON.parse(stdout) as SuiteRecord).runs[0]!.judgement.verdict]).toEqual([1, 'violated']);
    expect((await report(folder)).code).toBe(0);
  });

  test.each([['beside its record', true], ['without it', false]])('takes a whole suite %s in the order in which it was played, whatever times and names a copy has, and says how to play it again', async (_, withRecord) => {
    const suite = join(place.folder, `suite-copy-${withRecord}`);
    mkdirSync(suite);
    const names = ['c', 'a', 'b'];
    for (const [index, run] of originals.entries()) cpSync(run, join(suite, names[index]!), { recursive: true });
    for (const [index, name] of names.entries()) utimesSync(join(suite, name, 'plan.json'), 0, 1_000 - index);
    if (withRecord) cpSync(join(place.suiteFolder, 'suite.json'), join(suite, 'suite.json'));
    const { code, stdout } = await report(suite, '--json');
    const { runs, command } = JSON.parse(stdout) as SuiteRecord;
    expect([code, runs.map(({ repetition }) => repetition)]).toEqual([0, [1, 2, 3]]);
    expect(command).toBe(withRecord ? place.suite.command : runs[0]!.reproduce);
  });

  test('prints the command that played the runs, and leaves it in the record', async () => {
    const suite = join(place.folder, 'suite-again');
    cpSync(place.suiteFolder, suite, { recursive: true });
    const again = /^again +(npx leaderfall run .*)$/m.exec(first.stdout)![1]!;
    expect((await report(suite)).stdout).toContain(`again   ${again}\n`);
    expect((JSON.parse(readFileSync(join(suite, 'suite.json'), 'utf8')) as SuiteRecord).command).toBe(again);
    expect((await report(copyOfRun())).stdout).toMatch(/^again +npx leaderfall run .*again\.yaml --set payloadBytes=64 --seed abc$/m);
  });
});

describe('what cannot be judged is refused with its own code', () => {
  const newer = (file: string, schema: string) => (folder: string) => {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, 'latin1').replaceAll(`leaderfall/${schema}@1`, `leaderfall/${schema}@2`), 'latin1');
    writeSeal(folder);
  };
  const cut = (file: string, bytes: number) => (folder: string) => truncateSync(join(folder, file), statSync(join(folder, file)).size - bytes);

  test.each<[what: string, damage: (folder: string) => void, code: string]>([
    ['a truncated history', cut('messages.arrow', 1_000), 'E_HISTORY_CORRUPT'],
    ['a history that lost its last bytes', cut('messages.arrow', 3), 'E_HISTORY_CORRUPT'],
    ['a history of which one byte is another', (folder) => { const path = join(folder, 'messages.arrow'); const bytes = readFileSync(path); bytes[bytes.length >> 1]! ^= 1; writeFileSync(path, bytes); }, 'E_HISTORY_CORRUPT'],
    ['a timeline that lost a line', (folder) => { const path = join(folder, 'timeline.ndjson'); writeFileSync(path, readFileSync(path, 'utf8').replace(/^.*\n/, '')); }, 'E_HISTORY_CORRUPT'],
    ['a plan of something else', (folder) => { const path = join(folder, 'plan.json'); writeFileSync(path, readFileSync(path, 'utf8').replace('mine/again', 'mine/other')); }, 'E_HISTORY_CORRUPT'],
    ['a record that is not JSON any more', cut('run.json', 20), 'E_HISTORY_CORRUPT'],
    ['a history from a newer version', newer('messages.arrow', 'history'), 'E_HISTORY_NEWER'],
    ['a plan from a newer version', newer('plan.json', 'plan'), 'E_HISTORY_NEWER'],
    ['a record from a newer version', newer('run.json', 'run'), 'E_HISTORY_NEWER'],
    ['a folder without a run', (folder) => { rmSync(folder, { recursive: true }); mkdirSync(folder); }, 'E_RUN_NOT_FOUND'],
    ['a folder that is not there', (folder) => rmSync(folder, { recursive: true }), 'E_RUN_NOT_FOUND'],
  ])('%s', async (_, damage, code) => {
    const folder = copyOfRun();
    damage(folder);
    const { code: exit, stdout, stderr } = await report(folder);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error[${code}]: `);
    expect(stderr).toContain('hint: ');
  });

  test('--out below a file exits 2, before anything starts', async () => {
    const { code, stderr } = await place.start(['run', join(place.folder, 'again.yaml'), '--out', join(place.folder, 'again.yaml', 'out')]);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/error\[E_USAGE\]: The folder .* cannot be made or written\nhint: Choose a writable place with --out/);
    expect(place.leftovers).toEqual([]);
  });

  test('--out of a report below a file exits 2 as well', async () => {
    const { code, stderr } = await report(originals[0]!, '--out', join(place.folder, 'again.yaml', 'out'));
    expect([code, stderr]).toEqual([2, expect.stringContaining('error[E_USAGE]')]);
  });
});
