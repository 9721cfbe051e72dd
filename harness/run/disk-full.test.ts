// A disk that fills up while a run is recorded: exit 4 with the next action, and what was recorded until then is kept and can be judged.
// Two ways: a tiny tmpfs, where this user may mount one (everything that the run writes meets the full disk), and a segment
// that is a link to /dev/full, anywhere (one worker meets it).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { runSuite } from './run-suite.ts';
import { Bench, jsonOnly, memoryScenario } from './testing/bench.ts';
import { allEnded, childrenOf } from './testing/processes.ts';
import { Place, readRecord } from './testing/program.ts';

const mount = (...args: readonly string[]): boolean => spawnSync(args[0]!, args.slice(1), { stdio: 'ignore' }).status === 0;

class TinyDisk implements Disposable {
  readonly path: string;
  readonly mounted: boolean;

  constructor(place: Place) {
    this.path = join(place.folder, 'tiny');
    mkdirSync(this.path);
    this.mounted = mount('mount', '-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', this.path);
  }

  grow(): void {
    expect(mount('mount', '-o', 'remount,size=16m', this.path)).toBe(true);
  }

  [Symbol.dispose](): void {
    if (this.mounted) mount('umount', this.path);
  }
}

function mayMount(): boolean {
  using place = new Place();
  using disk = new TinyDisk(place);
  return disk.mounted;
}

const yaml = `name: mine/full
cluster: { broker: memory }
producer: { inFlight: 64, ratePerSecond: 5000 }
steady: { acknowledged: 100 }
steps: [{ wait: { elapsedMs: 15000 } }]
contract: { lost: forbidden }
bounds: { recoverMs: 2000, drainMs: 5000 }
`;

test.runIf(mayMount())('on a disk that is full the program exits 4 and says what to do; with space again the run is judged from what was kept', { timeout: 60_000 }, async () => {
  using place = new Place();
  using disk = new TinyDisk(place);
  const { code, stderr } = await place.start(['run', place.write('full.yaml', yaml), '--out', disk.path]);
  expect(code, stderr).toBe(4);
  expect(stderr).toMatch(/error\[E_DISK_FULL\]: The disk filled up while the history was being recorded\n(.|\n)*hint: .*--out/);
  expect(place.leftovers).toEqual([]);
  const suite = join(disk.path, readdirSync(disk.path).find((name) => name !== 'latest')!);
  disk.grow();
  let said = '';
  const output = { write: (text: string) => { said += text; } };
  // 4: the run had failed, as its timeline still tells; 130: the timeline itself was cut off.
  expect([4, 130], said).toContain(await main(['report', join(suite, 'mine-full')], { stdout: output, stderr: output, env: {}, nowMs: () => 0 }));
  const { facts, judgement } = readRecord(join(suite, 'mine-full'));
  expect(facts!.totals.acknowledged).toBeGreaterThan(100);
  expect(facts!.accounting).toMatchObject({ lost: 0, addsUp: true });
  expect(judgement.verdict).toBe('inconclusive');
});

test.runIf(mayMount())('a disk that fills up at once ends every process of the run, although nothing can be recorded any more', { timeout: 60_000 }, async () => {
  using place = new Place();
  using disk = new TinyDisk(place);
  let children: readonly number[] = [];
  const suite = runSuite({
    scenarios: [memoryScenario('mine/full', { steps: [{ wait: { elapsedMs: 8_000 } }] })], seed: 'full', render: jsonOnly, out: disk.path, command: 'test', signal: new AbortController().signal,
    onProgress(event) {
      if (event.type !== 'phase' || event.phase !== 'chaos' || event.edge !== 'begin') return;
      children = childrenOf(process.pid);
      expect(() => writeFileSync(join(disk.path, 'filler'), Buffer.alloc(1_000_000))).toThrow('ENOSPC');
    },
  });
  await expect(suite).rejects.toMatchObject({ code: 'E_DISK_FULL', hint: expect.stringContaining('--out') });
  expect(children.length).toBeGreaterThanOrEqual(3);
  await allEnded(children, 1_000);
});

test('a worker whose segment cannot be written ends the run as an environment error, and the other workers\' records are kept', { timeout: 60_000 }, async () => {
  using bench = new Bench();
  let suiteFolder = '';
  const { suite, folder } = await bench.run([memoryScenario('mine/full', { steps: [{ wait: { elapsedMs: 8_000 } }] })], {
    onProgress(event) {
      if (event.type === 'suite-begin') suiteFolder = event.folder;
      if (event.type !== 'phase' || event.phase !== 'provision' || event.edge !== 'begin') return;
      const segments = join(suiteFolder, 'mine-full', 'segments');
      mkdirSync(segments);
      symlinkSync('/dev/full', join(segments, 'consumer-0.segment'));
    },
  });
  expect(suite).toMatchObject({ verdict: 'environment', exitCode: 4 });
  const [record] = suite.runs;
  expect(record).toMatchObject({ status: 'failed', error: { code: 'E_DISK_FULL', hint: expect.any(String) }, judgement: { verdict: 'inconclusive' } });
  expect(record!.error!.message).toContain('consumer-0');
  expect(record!.facts!.totals.acknowledged).toBeGreaterThan(0);
  expect(existsSync(join(folder, 'mine-full', 'messages.arrow'))).toBe(true);
});
