import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Disk, disksFolder } from './disk.ts';
import { storageCapability } from './storage-capability.ts';
import { sweepDisks } from './sweep-disks.ts';

const { ok, reason } = await storageCapability(true);
const options = (name: string) => ({ name: `test-${process.pid}-${name}`, sizeMiB: 32, userId: 999, groupId: 999 });
const mounts = (): string => readFileSync('/proc/self/mounts', 'utf8');
const loops = (): string => execFileSync('losetup', ['--all'], { encoding: 'utf8' });

test.runIf(ok)('a loss of power takes what was not synced and nothing else', async () => {
  await using disk = await Disk.create(options('power'));
  writeFileSync(join(disk.data, 'kept'), 'synced');
  await disk.sync();
  writeFileSync(join(disk.data, 'gone'), 'not synced');
  await disk.losePower();
  expect((await disk.tryWrite()).ok).toBe(false);
  await disk.remount();
  expect(readFileSync(join(disk.data, 'kept'), 'utf8')).toBe('synced');
  expect(() => readFileSync(join(disk.data, 'gone'))).toThrow('ENOENT');
  expect((await disk.tryWrite()).ok).toBe(true);
});

test.runIf(ok)('a full disk refuses data until it is emptied again', async () => {
  await using disk = await Disk.create(options('full'));
  await disk.fill();
  expect(await disk.freeBytes()).toBeLessThan(1024 * 1024);
  expect(() => writeFileSync(join(disk.data, 'much'), Buffer.alloc(2 * 1024 * 1024))).toThrow('ENOSPC');
  await disk.empty();
  writeFileSync(join(disk.data, 'much'), Buffer.alloc(2 * 1024 * 1024));
});

test.runIf(ok)('a disk that turned read-only refuses writes to files that were open before, until it is mounted again', async () => {
  await using disk = await Disk.create(options('read-only'));
  const file = await open(join(disk.data, 'log'), 'w');
  await file.write('kept');
  await disk.sync();
  await disk.turnReadOnly();
  await expect(file.write('more')).rejects.toThrow('EROFS');
  expect((await disk.tryWrite()).detail).toContain('EROFS');
  await file.close();
  await disk.remount();
  expect((await disk.tryWrite()).ok).toBe(true);
  expect(readFileSync(join(disk.data, 'log'), 'utf8')).toBe('kept');
});

test.runIf(ok)('a write into the folder of a disk that is not mounted is none, nothing fills the machine instead, and the disk can be mounted again', async () => {
  await using disk = await Disk.create(options('unmounted'));
  writeFileSync(join(disk.data, 'kept'), 'synced');
  execFileSync('umount', [join(disk.data, '..')]);
  expect(await disk.tryWrite()).toEqual({ ok: false, detail: expect.stringContaining('not mounted') });
  await expect(disk.fill()).rejects.toMatchObject({ code: 'E_NODE_FAILED' });
  await disk.remount();
  expect((await disk.tryWrite()).ok).toBe(true);
  expect(readFileSync(join(disk.data, 'kept'), 'utf8')).toBe('synced');
});

test.runIf(ok)('what is asked of a disk while something else is under way comes after that', async () => {
  await using disk = await Disk.create(options('queued'));
  const ended: string[] = [];
  const told = <T>(name: string, work: Promise<T>): Promise<T> => work.finally(() => ended.push(name));
  await disk.losePower();
  const [, written, again] = await Promise.all([told('remount', disk.remount()), told('write', disk.tryWrite()), told('again', disk.remount())]);
  expect(ended).toEqual(['remount', 'write', 'again']);
  expect([written.ok, again]).toEqual([true, undefined]);
});

test.runIf(ok)('a disk that cannot be made leaves nothing of what came of it', async () => {
  const { name } = options('half');
  await expect(Disk.create({ ...options('half'), sizeMiB: 0 })).rejects.toMatchObject({ code: 'E_NODE_FAILED' });
  expect(existsSync(join(disksFolder, name))).toBe(false);
});

test.runIf(ok)('a wiped disk is empty, and was not before', async () => {
  await using disk = await Disk.create(options('wiped'));
  writeFileSync(join(disk.data, 'log'), 'x');
  expect(await disk.isEmpty()).toBe(false);
  await disk.wipe();
  expect(await disk.isEmpty()).toBe(true);
});

test.runIf(ok)('a disk that is disposed leaves no mount, loop device or file, even when it has no power', async () => {
  const disk = await Disk.create(options('gone'));
  await disk.losePower();
  await disk[Symbol.asyncDispose]();
  const left = [mounts(), loops()].map((text) => text.includes('gone'));
  expect(left).toEqual([false, false]);
});

test.runIf(ok)('the disk of a process that was killed is swept by the next one, and a living one stays', async () => {
  const flag = join(mkdtempSync(join(tmpdir(), 'leaderfall-')), 'ready');
  const module = fileURLToPath(new URL('disk.ts', import.meta.url));
  const source = `const { Disk } = await import(${JSON.stringify(module)}); await Disk.create({ name: 'test-killed-${process.pid}', sizeMiB: 16, userId: 0, groupId: 0 }); (await import('node:fs')).writeFileSync(${JSON.stringify(flag)}, 'x'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: 'ignore' });
  await expect.poll(() => { try { return readFileSync(flag, 'utf8'); } catch { return ''; } }, { timeout: 15_000 }).toBe('x');
  expect(await sweepDisks()).toEqual([]);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  expect(await sweepDisks()).toEqual([`test-killed-${process.pid}`]);
  expect(mounts()).not.toContain(disksFolder);
});

test.runIf(ok)('a machine whose filesystems cannot be made to fail says so before a run', () => {
  const module = fileURLToPath(new URL('storage-capability.ts', import.meta.url));
  const source = `const { storageCapability } = await import(${JSON.stringify(module)}); process.stdout.write(JSON.stringify(await storageCapability(true)));`;
  const script = 'mount -o remount,bind,ro /sys && exec "$0" --input-type=module --eval "$1"';
  const said = execFileSync('unshare', ['--mount', 'sh', '-c', script, process.execPath, source], { encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual({ ok: false, reason: expect.stringMatching(/^the kernel does not let a filesystem fail, which disk-read-only takes \(.*EROFS/) });
});

test('where disks cannot be made the reason is said', () => {
  expect(reason).not.toBe('');
});
