// A run that is still going is nobody else's to open: whoever sealed it would take away the files in which its workers record.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { runFiles } from '../history/segment-format.ts';
import { claimRun, livingOwnerOf, refuseLivingRun } from './run-owner.ts';
import { Bench, memoryScenario } from './testing/bench.ts';
import { readRecord } from './testing/program.ts';

async function leaderfall(...args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> {
  let stderr = '';
  const code = await main(args, { stdout: { write: () => true }, stderr: { write: (text: string) => { stderr += text; } }, env: {}, nowMs: () => 0 });
  return { code, stderr };
}

describe('a folder that is claimed', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'leaderfall-owner-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** `owner` is boot, process and start of the process. */
  function changed(change: (claim: { owner: string; place: string; folder: string }) => object): void {
    const path = join(folder, 'owner.json');
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as { owner: string; place: string; folder: string })));
  }

  test('has a living owner until the claim is disposed of', () => {
    const claim = claimRun(folder);
    expect(livingOwnerOf(folder)).toBe(process.pid);
    expect(() => refuseLivingRun(folder)).toThrow(expect.objectContaining({ code: 'E_USAGE', message: expect.stringContaining(`process ${process.pid} records in it`), hint: expect.stringContaining('Wait until it has ended') }));
    claim[Symbol.dispose]();
    expect(livingOwnerOf(folder)).toBeNull();
    expect(() => refuseLivingRun(folder)).not.toThrow();
  });

  test.each<[string, Parameters<typeof changed>[0]]>([
    ['its process has ended and another has the number', ({ owner, ...claim }) => ({ ...claim, owner: owner.replace(/\d+$/, '1') })],
    ['it is of another machine, or the machine was started anew', ({ owner, ...claim }) => ({ ...claim, owner: owner.replace(/^[^/]+/, 'elsewhere') })],
    ['its process cannot be seen from here', (claim) => ({ ...claim, place: 'elsewhere/1' })],
    ['it is a copy', (claim) => ({ ...claim, folder: '/another/folder' })],
    ['nothing can be read', () => ({})],
  ])('has no living owner where %s', (_, change) => {
    using _claim = claimRun(folder);
    changed(change);
    expect(livingOwnerOf(folder)).toBeNull();
  });
});

test('report, explain and export refuse a run that is still going and harm nothing; a copy of it and the finished run beside it are reported, and so is it once it has ended', { timeout: 120_000 }, async () => {
  using bench = new Bench();
  const chaos = Promise.withResolvers<string>();
  let suiteFolder = '';
  let begun = 0;
  const suite = bench.run([memoryScenario('live/first', { twin: 'live/second' }), memoryScenario('live/second', { steps: [{ wait: { elapsedMs: 12_000 } }], bounds: { stepMs: 20_000 } })], {
    onProgress(event) {
      if (event.type === 'suite-begin') suiteFolder = event.folder;
      if (event.type === 'scenario-begin') begun++;
      if (event.type === 'phase' && event.phase === 'chaos' && event.edge === 'begin' && begun === 2) chaos.resolve(join(suiteFolder, 'live-second'));
    },
  });
  const live = await chaos.promise;
  const copy = join(bench.out, 'copy');
  cpSync(live, copy, { recursive: true });
  for (const args of [['report', live], ['explain', live, '0:1'], ['export', live], ['report', suiteFolder]]) {
    const { code, stderr } = await leaderfall(...args);
    expect([code, stderr], args.join(' ')).toEqual([2, expect.stringContaining(`error[E_USAGE]: The run in ${live} is still going: process ${process.pid} records in it\nhint: `)]);
  }
  expect((await leaderfall('report', join(suiteFolder, 'live-first'))).stderr).toBe('');
  expect((await leaderfall('report', copy)).code).toBe(130);
  expect(readRecord(copy)).toMatchObject({ status: 'interrupted', error: { phase: 'chaos' } });
  expect([existsSync(runFiles(live).segments), existsSync(runFiles(live).messages)], 'nobody sealed it, and it is still going').toEqual([true, false]);
  const { suite: { runs } } = await suite;
  expect(runs[1]!.judgement.verdict, runs[1]!.judgement.sentence).toBe('upheld');
  expect(runs[1]!.facts!.totals.acknowledged).toBeGreaterThan(readRecord(copy).facts!.totals.acknowledged);
  expect([existsSync(join(live, 'owner.json')), (await leaderfall('report', live)).code]).toEqual([false, 0]);
  expect(readRecord(live).facts).toEqual(runs[1]!.facts);
});
