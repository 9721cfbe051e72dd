// A program's life hangs on its worker's: whatever ends the worker ends the program, even one that ignores the end of its input.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isRunning, Place, stateOf, until } from './testing/place.ts';

const host = fileURLToPath(new URL('./testing/host.ts', import.meta.url));

/** As the conductor starts workers: each leads a process group. */
async function started(place: Place, ...habits: readonly string[]) {
  const worker = fork(host, [place.folder, ...habits], { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(worker, 'message');
  const pids = [...place.told('pid'), ...place.told('child')].map(Number);
  expect(pids.map(isRunning)).not.toContain(false);
  return { worker, pids, exit: once(worker, 'exit') };
}

test.each([
  ['SIGKILL to the worker alone', (pid: number) => process.kill(pid, 'SIGKILL')],
  ["SIGKILL to the worker's group", (pid: number) => process.kill(-pid, 'SIGKILL')],
])('%s kills the program and what it started', async (_, strike) => {
  using place = new Place();
  const { worker, pids, exit } = await started(place, 'deaf', 'parent');
  expect(pids.length).toBe(2);
  strike(worker.pid!);
  await exit;
  await until('the program to be dead', () => !pids.some(isRunning), () => pids.map(isRunning));
});

test('a worker that is frozen freezes its program', async () => {
  using place = new Place();
  const { worker, pids: [program = 0], exit } = await started(place);
  process.kill(-worker.pid!, 'SIGSTOP');
  await until('the program to stand still', () => stateOf(program) === 'T');
  process.kill(-worker.pid!, 'SIGKILL');
  await exit;
  await until('the program to be dead', () => !isRunning(program));
});
