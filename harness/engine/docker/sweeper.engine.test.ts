import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { createFleetWith, type DockerFleet, type ResolveImage } from './create-fleet.ts';
import { doctor } from './doctor.ts';
import { connectEngine, type Engine } from './engine-client.ts';
import { resolveImage } from './images/resolve-image.ts';
import { type OwnedObject, listOwned, removeLabelled, sweep } from './sweeper.ts';

const resolve: ResolveImage = (docker, _, options) => resolveImage(docker, { name: 'nettools', version: '1' }, options);
const { signal } = new AbortController();

/** A run in a process of its own, which holds its nodes until it is ended. */
const holder = `
const [{ createFleetWith }, { resolveImage }] = await Promise.all([import('./create-fleet.ts'), import('./images/resolve-image.ts')]);
const resolve = (docker, _, options) => resolveImage(docker, { name: 'nettools', version: '1' }, options);
const { signal } = new AbortController();
const fleet = await createFleetWith({ resolve }, { runId: process.argv[1], keep: process.argv[2] === 'keep', signal, onProgress: () => {} });
const [hostPort] = await fleet.reservePorts(1);
await fleet.startNodes([{ id: 'node-1', hostPort, image: { name: 'kafka', version: 'any' }, env: {}, clientPort: 9092, memoryMiB: 64 }], signal);
await fleet.prepareSidecars(signal);
console.log('holding');
setInterval(() => {}, 1000);
`;

let engine: Engine;
const children: ChildProcess[] = [];
let fleet: DockerFleet | undefined;
beforeAll(async () => {
  engine = await connectEngine(signal);
});
afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
  await fleet?.[Symbol.asyncDispose]();
  fleet = undefined;
  for (const run of ['sweep-mine', 'sweep-other', 'sweep-kept']) await removeLabelled(engine.docker, [`leaderfall.run=${run}`], signal);
});

async function startOther(runId: string, keep: 'keep' | 'leave' = 'leave'): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder, runId, keep], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  expect(line).toBe('holding');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function startMine(): Promise<DockerFleet> {
  fleet = await createFleetWith({ resolve }, { runId: 'sweep-mine', keep: false, signal, onProgress: () => {} });
  const [hostPort] = await fleet.reservePorts(1);
  await fleet.startNodes([{ id: 'node-1', hostPort: hostPort!, image: { name: 'kafka', version: 'any' }, env: {}, clientPort: 9092, memoryMiB: 64 }], signal);
  return fleet;
}

async function ofRun(runId: string): Promise<readonly OwnedObject[]> {
  return (await listOwned(engine, signal)).filter((object) => object.runId === runId);
}

const kinds = (objects: readonly OwnedObject[]): readonly string[] => objects.map(({ kind }) => kind).toSorted();

test('two runs side by side: neither sweep touches what the other, living run owns', async () => {
  const [, mine] = await Promise.all([startOther('sweep-other'), startMine()]);
  expect(kinds(await ofRun('sweep-other'))).toEqual(['container', 'container', 'network']);
  expect((await sweep(signal)).removed.filter(({ runId }) => runId.startsWith('sweep-'))).toEqual([]);
  await mine[Symbol.asyncDispose]();
  expect(await ofRun('sweep-mine')).toEqual([]);
  const left = await ofRun('sweep-other');
  expect(kinds(left)).toEqual(['container', 'container', 'network']);
  expect(left.every(({ life }) => life === 'alive')).toBe(true);
});

test('what a SIGKILLed run left is seen by doctor and removed by the next sweep, and the living run keeps its own', async () => {
  const child = await startOther('sweep-other');
  await startMine();
  await end(child);
  const before = await doctor({ signal, images: [] });
  expect(before.checks.find(({ id }) => id === 'leftovers')).toMatchObject({ ok: false, detail: expect.stringContaining('3 of dead runs'), fix: 'leaderfall doctor --fix' });
  const { removed } = await sweep(signal);
  expect(kinds(removed.filter(({ runId }) => runId === 'sweep-other'))).toEqual(['container', 'container', 'network']);
  expect(await ofRun('sweep-other')).toEqual([]);
  expect(kinds(await ofRun('sweep-mine'))).toEqual(['container', 'network']);
});

test('what a dead run was asked to keep stays, and doctor names it', async () => {
  await end(await startOther('sweep-kept', 'keep'));
  await sweep(signal);
  const kept = await ofRun('sweep-kept');
  expect(kinds(kept)).toEqual(['container', 'container', 'network']);
  const { checks } = await doctor({ signal, images: [] });
  expect(checks.find(({ id }) => id === 'leftovers')?.detail).toContain('3 kept on purpose');
});

test('what cannot be removed does not keep the rest, and is told', async () => {
  await end(await startOther('sweep-other'));
  const stuck = (await ofRun('sweep-other')).find(({ kind, name }) => kind === 'container' && name.endsWith('-node-1'))!;
  const docker = new Proxy(engine.docker, {
    get: (real, key) => {
      if (key === 'getContainer') return (id: string) => (id === stuck.id ? { id, remove: async () => { throw new Error('device or resource busy'); } } : real.getContainer(id));
      const value: unknown = Reflect.get(real, key, real);
      return typeof value === 'function' ? value.bind(real) as unknown : value;
    },
  });
  await expect(removeLabelled(docker, ['leaderfall.run=sweep-other'], signal)).rejects.toThrow('busy');
  // Its network has it as a member.
  const left = await ofRun('sweep-other');
  expect(left.flatMap(({ kind, name }) => (kind === 'container' ? [name] : []))).toEqual([stuck.name]);
}, 120_000);

test('a fleet whose machine cannot be swept starts, and who runs it is told', async () => {
  const module = new URL('./create-fleet.ts', import.meta.url).href;
  const source = `
    const { createFleetWith } = await import(${JSON.stringify(module)});
    const sweep = async () => { throw new Error('device or resource busy'); };
    await using fleet = await createFleetWith({ sweep }, { runId: 'sweep-mine', keep: false, signal: new AbortController().signal, onProgress: (text) => console.log(text) });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  expect(line).toBe('not all that earlier runs left could be removed: Error: device or resource busy');
  await once(child, 'exit');
});

test('two sweeps at once do not stumble over each other', async () => {
  await end(await startOther('sweep-other'));
  await Promise.all([sweep(signal), sweep(signal)]);
  expect(await ofRun('sweep-other')).toEqual([]);
});
