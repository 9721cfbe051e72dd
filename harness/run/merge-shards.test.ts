// Two shards of one choice through the program, then everything that `leaderfall report` makes of them.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { writeSeal } from '../history/seal-file.ts';
import type { RunRecord, SuiteRecord } from '../model/run-record.ts';
import type { Plan } from '../model/scenario.ts';
import { Place, readRecord, type Ended } from './testing/program.ts';

const scenario = (name: string, twin: string | null, lost: string) => `
- name: ${name}
  ${twin === null ? '' : `twin: ${twin}`}
  cluster: { broker: memory, defects: { losesEvery: ${lost === 'required' ? 20 : 0} } }
  producer: { inFlight: 8, ratePerSecond: 800, timeoutMs: 400 }
  steady: { acknowledged: 20 }
  steps: [{ wait: { acknowledged: 60 } }]
  contract: { lost: ${lost}, stuck: forbidden }`;
const yaml = [scenario('mine/safe', 'mine/unsafe', 'forbidden'), scenario('mine/unsafe', 'mine/safe', 'required'), scenario('mine/alone', null, 'forbidden')].join('');

const places = [new Place(), new Place()];
let shards: readonly Ended[];
let folders: readonly { readonly suite: string; readonly runs: readonly string[] }[];
beforeAll(async () => {
  shards = [];
  for (const [index, place] of places.entries()) {
    shards = [...shards, await place.start(['run', place.write('mine.yaml', yaml), '--shard', `${index + 1}/2`, '--seed', 'abc', '--out', place.out])];
  }
  folders = places.map(({ suiteFolder, runFolders }) => ({ suite: suiteFolder, runs: runFolders }));
}, 120_000);
afterAll(() => { for (const place of places) place[Symbol.dispose](); });

const suiteIn = (folder: string): SuiteRecord => JSON.parse(readFileSync(join(folder, 'suite.json'), 'utf8')) as SuiteRecord;
const names = ({ runs }: SuiteRecord): readonly string[] => runs.map(({ scenario: { name } }) => name);

let outs = 0;
const freshOut = (): string => join(places[0]!.folder, `merged-${++outs}`);

async function report(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const output = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof output) => ({ write: (text: string) => { output[name] += text; } });
  const code = await main(['report', ...args], { stdout: stream('stdout'), stderr: stream('stderr'), env: {}, nowMs: () => 0 });
  return { code, ...output };
}

/** Every file below, with a digest of what it holds: to see that nothing was touched. */
const contentOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))).filter((path) => statSync(path).isFile()).map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]));

describe('leaderfall run --shard', () => {
  test('gives twins to one part, the rest to the other, and says which part it was', () => {
    expect(shards.map(({ code }) => code), shards[0]!.stderr).toEqual([0, 0]);
    const suites = places.map(({ suite }) => suite);
    expect(suites.map(names)).toEqual([['mine/safe', 'mine/unsafe'], ['mine/alone']]);
    expect(suites.map(({ shard }) => shard)).toEqual(['1/2', '2/2']);
  });

  test('a run says how to make it again: the file that it came from, and the seed', () => {
    const { reproduce } = readRecord(folders[1]!.runs[0]!);
    expect(reproduce).toBe(`npx leaderfall run ${join(places[1]!.folder, 'mine.yaml')} --seed abc`);
    expect(shards[0]!.stdout).toMatch(/again +npx leaderfall run .*mine\.yaml --shard 1\/2 --seed abc/);
  });
});

describe('leaderfall report of shards', () => {
  test('is one suite in the order of the shards, however they are given; a run counts once, however often it is given', async () => {
    const [one, two] = folders.map(({ suite }) => suite) as [string, string];
    const copy = join(places[0]!.folder, 'copy-of-two');
    cpSync(two, copy, { recursive: true, preserveTimestamps: true });
    const out = freshOut();
    const { code } = await report(two, one, copy, two, '--out', out);
    const merged = suiteIn(out);
    expect([code, merged.verdict, merged.shard, names(merged), merged.notRunnable]).toEqual([0, 'upheld', null, ['mine/safe', 'mine/unsafe', 'mine/alone'], []]);
    expect([merged.seed, merged.suiteId, merged.startedAt]).toEqual(['abc', basename(out), [one, two].map(suiteIn).map(({ startedAt }) => startedAt).sort()[0]]);
    expect(merged.runs.find(({ scenario: { name } }) => name === 'mine/safe')!.judgement.power.state).toBe('shown');
    for (const { runId } of merged.runs) expect(existsSync(join(out, merged.folders![runId]!, 'plan.json'))).toBe(true);
  });

  test('two runs of two machines that got one id count as two', async () => {
    const twin = join(places[0]!.folder, 'same-second');
    cpSync(folders[1]!.suite, twin, { recursive: true, preserveTimestamps: true });
    const plan = join(twin, basename(folders[1]!.runs[0]!), 'plan.json');
    const { createdAt, ...rest } = JSON.parse(readFileSync(plan, 'utf8')) as Plan;
    writeFileSync(plan, JSON.stringify({ ...rest, createdAt: createdAt.replace(/\.\d+Z$/, '.9999Z') }));
    writeSeal(dirname(plan));
    const out = freshOut();
    await report(folders[1]!.suite, twin, '--out', out);
    expect(names(suiteIn(out))).toEqual(['mine/alone', 'mine/alone']);
  });

  test('tells of a shard that is missing, and proves nothing then', async () => {
    const out = freshOut();
    const third = join(places[0]!.folder, 'other-shard');
    cpSync(folders[1]!.suite, third, { recursive: true, preserveTimestamps: true });
    writeFileSync(join(third, 'suite.json'), JSON.stringify({ ...suiteIn(third), shard: '2/3' }));
    const first = join(places[0]!.folder, 'first-shard');
    cpSync(folders[0]!.suite, first, { recursive: true, preserveTimestamps: true });
    writeFileSync(join(first, 'suite.json'), JSON.stringify({ ...suiteIn(first), shard: '1/3' }));
    const { code, stdout } = await report(first, third, '--out', out);
    expect([code, suiteIn(out).verdict]).toEqual([3, 'inconclusive']);
    expect(suiteIn(out).notRunnable).toEqual([{ name: 'shard 3/3', reason: 'the suite of this shard (seed abc) was not given' }]);
    expect(stdout).toContain('shard 3/3');
  });

  test('keeps what a suite could not run and what its versions do not have', async () => {
    const folder = join(places[0]!.folder, 'short');
    cpSync(folders[0]!.suite, folder, { recursive: true, preserveTimestamps: true });
    const notApplicable = [{ name: 'mine/mirrored', version: '4.3', reason: 'gone' }];
    writeFileSync(join(folder, 'suite.json'), JSON.stringify({ ...suiteIn(folder), notApplicable, notRunnable: [{ name: 'mine/late', reason: 'interrupted before it began' }] }));
    expect((await report(folder)).code).toBe(3);
    expect(suiteIn(folder)).toMatchObject({ shard: '1/2', notApplicable, notRunnable: [{ name: 'mine/late' }] });
  });

  test('what one suite could not run and another did is not missing; on another version it still is', async () => {
    const out = freshOut();
    const unable = join(places[0]!.folder, 'unable');
    cpSync(folders[0]!.suite, unable, { recursive: true, preserveTimestamps: true });
    const version = suiteIn(folders[1]!.suite).runs[0]!.scenario.cluster.version;
    const left = { name: 'mine/alone', families: [], lacks: 'disk', reason: 'this machine lacks disk' };
    writeFileSync(join(unable, 'suite.json'), JSON.stringify({ ...suiteIn(unable), notRunnable: [{ ...left, version }, { ...left, version: '0.1' }] }));
    await report(unable, folders[1]!.suite, '--out', out);
    expect(names(suiteIn(out))).toContain('mine/alone');
    expect(suiteIn(out).notRunnable).toEqual([{ ...left, version: '0.1' }]);
  });

  test('without --out goes to a fresh folder beside the first, and says where', async () => {
    const before = contentOf(folders[0]!.suite);
    const { stdout } = await report(folders[0]!.suite, folders[1]!.suite);
    const merged = join(dirname(folders[0]!.suite), 'merged');
    expect(names(suiteIn(merged))).toEqual(['mine/safe', 'mine/unsafe', 'mine/alone']);
    expect(stdout).toContain(join('merged', 'report.html'));
    expect(contentOf(folders[0]!.suite)).toEqual(before);
    rmSync(merged, { recursive: true });
  });
});

describe('leaderfall report never writes over what is another judgement', () => {
  test('a run inside a suite that is given too counts once, and its folder gets no suite', async () => {
    const [first] = folders[0]!.runs;
    const { code, stdout } = await report(first!, folders[0]!.suite, '--json');
    expect([code, names(JSON.parse(stdout) as SuiteRecord)]).toEqual([0, ['mine/safe', 'mine/unsafe']]);
    expect(existsSync(join(first!, 'suite.json'))).toBe(false);
    expect(readRecord(first!).scenario.name).toBe('mine/safe');
  });

  test('by another contract it goes to a fresh folder beside the suite, or beside the run', async () => {
    const { suite: suiteFolder, runs: runFolders } = folders[0]!;
    const contract = places[0]!.write('stricter.yaml', 'preset: at-least-once\nlost: forbidden\n');
    const before = contentOf(suiteFolder);
    const { code, stdout } = await report(suiteFolder, '--contract', contract);
    expect([code, contentOf(suiteFolder)]).toEqual([1, before]);
    expect(stdout).toContain(join(`${basename(suiteFolder)}-judged`, 'report.html'));
    rmSync(`${suiteFolder}-judged`, { recursive: true });
    await report(runFolders[1]!, '--contract', contract);
    const judged = JSON.parse(readFileSync(join(`${runFolders[1]!}-judged`, 'run.json'), 'utf8')) as RunRecord;
    expect([judged.judgement.verdict, existsSync(join(`${runFolders[1]!}-judged`, 'suite.json'))]).toEqual(['violated', false]);
    expect(readRecord(runFolders[1]!).judgement.verdict).toBe('upheld');
    rmSync(`${runFolders[1]!}-judged`, { recursive: true });
  });

  test('a report of several runs does not go into one of them', async () => {
    const { runFolders, suiteFolder } = places[0]!;
    const before = contentOf(runFolders[0]!);
    const { code, stderr } = await report(suiteFolder, '--out', runFolders[0]!);
    expect([code, contentOf(runFolders[0]!)]).toEqual([2, before]);
    expect(stderr).toContain("is a run's folder");
  });
});
