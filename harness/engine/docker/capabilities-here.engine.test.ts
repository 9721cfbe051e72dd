// A machine that lacks something: another user, and an engine that is not there. What is looked for is really tried.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { firstMissing, machineNeeds, type Capable, type MachineNeed } from '../../model/machine-needs.ts';
import { capabilitiesHere } from './capabilities-here.ts';
import { connectEngine } from './engine-client.ts';
import { listOwned } from './sweeper.ts';

const { signal } = new AbortController();

/** Asked by a process of its own, as another user or with another environment. */
async function askedAs(needs: readonly MachineNeed[], { env = {}, ...user }: { readonly uid?: number; readonly gid?: number; readonly env?: Readonly<Record<string, string>> }): Promise<ReadonlyMap<MachineNeed, Capable>> {
  const script = `
    const { capabilitiesHere } = await import(${JSON.stringify(new URL('./capabilities-here.ts', import.meta.url).href)});
    const here = await capabilitiesHere(${JSON.stringify(needs)}, { signal: new AbortController().signal });
    process.stdout.write(JSON.stringify([...here]), () => process.exit());
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, HOME: '/nonexistent', ...env }, ...user });
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return new Map(JSON.parse(said) as readonly (readonly [MachineNeed, Capable])[]);
}

test('everything that is asked for is answered with evidence or a reason, and nothing is left on the engine', async () => {
  const here = await capabilitiesHere(machineNeeds, { signal, getImages: true });
  expect([...here.keys()]).toEqual([...machineNeeds]);
  for (const [need, { ok, reason }] of here) expect([need, ok, reason]).toEqual([need, expect.any(Boolean), expect.stringMatching(/\w{3}/)]);
  expect(here.get('engine')).toMatchObject({ ok: true });
  expect((await listOwned(await connectEngine(signal), signal)).filter(({ runId }) => runId === 'probe')).toEqual([]);
});

test('the network is tried once a process', async () => {
  const [first, second] = await Promise.all([capabilitiesHere(['node-links'], { signal }), capabilitiesHere(['packet-loss', 'node-links'], { signal })]);
  expect(second.get('node-links')).toBe(first.get('node-links'));
});

test.runIf(process.getuid?.() === 0)('a user who is not root, with an engine that answers, has no disks, and is told so', async () => {
  const { gid } = statSync('/var/run/docker.sock');
  const here = await askedAs(['engine', 'disk'], { uid: 65_534, gid });
  expect(here.get('engine')).toMatchObject({ ok: true });
  expect(here.get('disk')).toEqual({ ok: false, reason: 'mounting a disk needs root on this machine' });
  expect(firstMissing(['engine', 'disk'], here)).toMatchObject({ need: 'disk' });
});

test.runIf(process.getuid?.() === 0)('a user whom the engine refuses can do nothing with it, and is told so for each thing', async () => {
  const here = await askedAs(['engine', 'node-links', 'disk'], { uid: 65_534, gid: 65_534 });
  for (const { ok, reason } of here.values()) expect([ok, reason]).toEqual([false, expect.stringContaining('docker.sock')]);
});

test.runIf(process.getuid?.() === 0)('a machine without the programs that make disks says which are missing, and what installs them', async () => {
  const here = await askedAs(['disk'], { env: { PATH: '/nowhere' } });
  expect(here.get('disk')).toEqual({ ok: false, reason: expect.stringMatching(/^mkfs\.ext4, .*xfs_io.* not installed; `leaderfall doctor --fix` or `sudo apt-get install -y e2fsprogs xfsprogs mount util-linux` installs/) });
});

test('without an engine nothing that needs one is there', async () => {
  const here = await askedAs(['engine', 'bandwidth'], { env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
  expect([...here.values()].map(({ ok }) => ok)).toEqual([false, false]);
  expect(here.get('bandwidth')!.reason).toContain('No container engine answers');
});
