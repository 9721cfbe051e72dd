// A suite that cannot go on leaves the record of what it had found, and tells the reason.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ProgressEvent } from '../model/progress.ts';
import type { SuiteRecord } from '../model/run-record.ts';
import { Bench, memoryScenario } from './testing/bench.ts';

/** The suite's record, as it is in the folder that `latest` names. */
const suiteIn = ({ out }: Bench): SuiteRecord => JSON.parse(readFileSync(join(out, 'latest', 'suite.json'), 'utf8')) as SuiteRecord;

/** Whose record cannot be written: a folder with something in it has its name. */
function unwritable(slug: string): (event: ProgressEvent) => void {
  let suiteFolder = '';
  return (event) => {
    if (event.type === 'suite-begin') suiteFolder = event.folder;
    if (event.type !== 'phase' || event.phase !== 'drain' || event.edge !== 'begin') return;
    mkdirSync(join(suiteFolder, slug, 'run.json', 'taken'), { recursive: true });
  };
}

test('a run that cannot even begin to be recorded does not take with it what finished before', { timeout: 60_000 }, async () => {
  using bench = new Bench();
  // Longer than a file's name may be.
  const tooLong = `mine/${'long'.repeat(75)}`;
  await expect(bench.run([memoryScenario('mine/first'), memoryScenario(tooLong), memoryScenario('mine/third')])).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  const { runs, notRunnable, verdict } = suiteIn(bench);
  expect(runs.map(({ scenario, judgement }) => [scenario.name, judgement.verdict])).toEqual([['mine/first', 'upheld']]);
  expect(notRunnable.map(({ name }) => name)).toEqual([tooLong, 'mine/third']);
  for (const { reason } of notRunnable) expect(reason).toMatch(/^the suite ended before it was recorded: .*ENAMETOOLONG/);
  expect(verdict).toBe('inconclusive');
});

test('a run whose own files cannot be written is in the record of its suite', { timeout: 60_000 }, async () => {
  using bench = new Bench();
  await expect(bench.run([memoryScenario('mine/first'), memoryScenario('mine/second')], { onProgress: unwritable('mine-first') })).rejects.toThrow('run.json');
  const { runs, notRunnable } = suiteIn(bench);
  expect([runs.map(({ scenario }) => scenario.name), notRunnable.map(({ name }) => name)]).toEqual([['mine/first'], ['mine/second']]);
});

test('repetitions that were not reached are told, although the scenario has a record', { timeout: 60_000 }, async () => {
  using bench = new Bench();
  await expect(bench.run([memoryScenario('mine/again')], { repeat: 3, onProgress: unwritable('mine-again-r1') })).rejects.toThrow('run.json');
  const { runs, notRunnable, verdict } = suiteIn(bench);
  expect([runs.length, notRunnable.map(({ name }) => name), verdict]).toEqual([1, ['mine/again'], 'inconclusive']);
});
