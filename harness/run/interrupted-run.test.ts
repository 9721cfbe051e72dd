// SIGINT in every phase, and SIGKILL of the harness: records are written, logs kept, and no process or folder is left behind.
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import type { Phase } from '../model/scenario.ts';
import { Bench, memoryScenario } from './testing/bench.ts';
import { allEnded, childrenOf, readTimelineOf } from './testing/processes.ts';
import { filesBelow, Place, readRecord } from './testing/program.ts';

/** Every phase lasts long enough to be met: a paused broker in the chaos, a backlog for the drain. */
const yaml = `name: mine/interrupted
cluster: { broker: memory }
producer: { inFlight: 8, ratePerSecond: 400, timeoutMs: 500 }
consumer: { prefetch: 10, handlerMs: 3 }
steady: { elapsedMs: 400 }
steps:
  - wait: { elapsedMs: 300 }
  - { inject: pause, target: { node: memory-1 } }
  - wait: { elapsedMs: 1000 }
contract: { lost: forbidden }
`;

/** Acts once, when a text first shows up on stderr. */
function upon(text: string, act: (child: ChildProcess) => void): (stderr: string, child: ChildProcess) => void {
  let done = false;
  return (stderr, child) => {
    if (done || !stderr.includes(text)) return;
    done = true;
    act(child);
  };
}

const spots: readonly (readonly [where: string, text: string])[] = [
  ['provision', ']   provision\n'], ['steady', ']   steady\n'], ['chaos', ']   chaos\n'], ['a fault that is on', 'pause memory-1 struck'],
  ['heal', ']   heal\n'], ['recover', ']   recover\n'], ['drain', ']   drain\n'], ['audit', ']   audit\n'], ['teardown', ']   teardown\n'], ['judge', ']   judge\n'],
];

describe.concurrent('SIGINT', () => {
  test.each(spots)('at %s: exits 130 within 20 s with record, report and logs, and leaves nothing behind', { timeout: 60_000 }, async (where, text) => {
    using place = new Place();
    let children: readonly number[] = [];
    let sentMs = 0;
    const strike = upon(text, (child) => {
      children = childrenOf(child.pid!);
      sentMs = performance.now();
      child.kill('SIGINT');
    });
    const { code, stderr } = await place.start(['run', place.write('mine.yaml', yaml), '--out', place.out], { onStderr: strike });
    expect(code, stderr).toBe(130);
    expect(performance.now() - sentMs).toBeLessThan(20_000);
    await allEnded(children, 1_000);
    expect(place.leftovers).toEqual([]);
    expect(place.suite).toMatchObject({ verdict: 'interrupted', exitCode: 130 });
    const [folder] = place.runFolders;
    const record = readRecord(folder!);
    if (record.status !== 'completed') expect(record.judgement.verdict).toBe('inconclusive');
    // The last phases may be over before the signal arrives: then the run is complete, and only the suite is interrupted.
    if (!['audit', 'teardown', 'judge'].includes(where)) expect(record).toMatchObject({ status: 'interrupted', error: { code: 'E_INTERRUPTED' } });
    for (const file of [join(place.suiteFolder, 'report.html'), join(folder!, 'report.html'), join(folder!, 'timeline.ndjson')]) expect(existsSync(file), file).toBe(true);
    if (where !== 'provision') {
      expect(readdirSync(join(folder!, 'logs'))).toEqual(['memory-1.log']);
      expect(record.facts).not.toBeNull();
    }
  });

  test('twice: the second one ends the program at once, and its processes with it, even a broker that is paused', { timeout: 60_000 }, async () => {
    using place = new Place();
    let children: readonly number[] = [];
    const first = upon('pause memory-1 struck', (child) => { children = childrenOf(child.pid!); child.kill('SIGINT'); });
    const second = upon('Ctrl+C again forces', (child) => { child.kill('SIGINT'); });
    const { code, stderr } = await place.start(['run', place.write('mine.yaml', yaml), '--out', place.out], { onStderr: (text, child) => { first(text, child); second(text, child); } });
    expect(code).toBe(130);
    expect(stderr).toContain('forced to stop');
    expect(children.length).toBe(3);
    await allEnded(children, 5_000);
    expect(place.leftovers).toEqual([]);
  });
});

test('SIGKILL of the harness: workers and broker end by themselves, and the folder can still be judged', { timeout: 60_000 }, async () => {
  using place = new Place();
  let children: readonly number[] = [];
  const strike = upon(']   chaos\n', (child) => { children = childrenOf(child.pid!); child.kill('SIGKILL'); });
  const { code } = await place.start(['run', place.write('mine.yaml', yaml), '--out', place.out], { onStderr: strike });
  expect(code).toBeNull();
  expect(children.length).toBe(3);
  await allEnded(children, 10_000);
  expect(place.leftovers).toEqual([]);
  const [folder] = place.runFolders;
  expect(existsSync(join(folder!, 'run.json'))).toBe(false);
  expect(existsSync(join(folder!, 'segments'))).toBe(true);
  expect(existsSync(join(folder!, 'owner.json')), 'its owner, who has ended').toBe(true);
  const output = { write: () => true };
  await main(['report', folder!], { stdout: output, stderr: output, env: {}, nowMs: () => 0 });
  const record = readRecord(folder!);
  expect(record).toMatchObject({ status: 'interrupted', error: { code: 'E_INTERRUPTED', phase: 'chaos' }, judgement: { verdict: 'inconclusive' } });
  expect(record.facts!.totals.acknowledged).toBeGreaterThan(50);
  expect(record.facts!.accounting).toMatchObject({ lost: 0, addsUp: true });
  expect(record.phases.map(({ phase, ok }) => [phase, ok])).toEqual([['provision', true], ['steady', true], ['chaos', false]]);
  expect(filesBelow(folder!).some((file) => file.endsWith('report.html'))).toBe(true);
});

describe.concurrent('an AbortSignal without a reason of ours', () => {
  test.each<[Phase, edge: 'begin' | 'end']>([['provision', 'begin'], ['provision', 'end'], ['chaos', 'begin'], ['drain', 'begin']])('at %s, %s: the record says interrupted, and no child is left', { timeout: 60_000 }, async (phase, edge) => {
    using bench = new Bench();
    const { suite, folder } = await bench.run([memoryScenario('mine/aborted'), memoryScenario('mine/never-begun')], {
      onProgress(event) { if (event.type === 'phase' && event.phase === phase && event.edge === edge) bench.interrupts.abort(); },
    });
    expect(suite).toMatchObject({ verdict: 'interrupted', exitCode: 130, notRunnable: [{ name: 'mine/never-begun', reason: 'interrupted before it began' }] });
    expect(suite.runs).toMatchObject([{ status: 'interrupted', error: { code: 'E_INTERRUPTED', phase } }]);
    expect(filesBelow(folder).filter((file) => file.endsWith('.segment')), 'segments that nobody sealed').toEqual([]);
    const timeline = readTimelineOf(join(folder, 'mine-aborted'));
    const workers = timeline.flatMap((entry) => (entry.type === 'worker' && entry.edge === 'started' ? Number(entry.detail.replace('process ', '')) : []));
    expect(workers.length).toBe(phase === 'provision' && edge === 'begin' ? 0 : 2);
    await allEnded(workers, 1_000);
  });
});
