import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contextFolder, contextHash, stageContext } from './build-context.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leaderfall-test-'));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'Dockerfile'), 'FROM base');
  await writeFile(join(folder, 'bin', 'run'), 'exec java');
});
afterEach(() => rm(folder, { recursive: true }));

test('the hash is stable, eight hex digits, and changes with a file, its name, or an input', async () => {
  const hash = await contextHash(folder, ['4.1.0']);
  expect(hash).toMatch(/^[0-9a-f]{8}$/);
  expect(await contextHash(folder, ['4.1.0'])).toBe(hash);
  expect(await contextHash(folder, ['4.1.1'])).not.toBe(hash);
  await rename(join(folder, 'bin', 'run'), join(folder, 'bin', 'launch'));
  const renamed = await contextHash(folder, ['4.1.0']);
  expect(renamed).not.toBe(hash);
  await writeFile(join(folder, 'bin', 'launch'), 'exec  java');
  expect(await contextHash(folder, ['4.1.0'])).not.toBe(renamed);
});

test('the certificates of one machine do not change the tag', async () => {
  const hash = await contextHash(folder, []);
  await mkdir(join(folder, 'extra-ca'));
  await writeFile(join(folder, 'extra-ca', 'company.crt'), 'PEM');
  expect(await contextHash(folder, [])).toBe(hash);
});

test('a staged context is a copy that is gone after use', async () => {
  let staged: string;
  {
    await using context = await stageContext(folder);
    staged = context.folder;
    expect([...context.entries].sort()).toEqual(['Dockerfile', 'bin']);
    expect(await readdir(join(staged, 'bin'))).toEqual(['run']);
  }
  await expect(stat(staged)).rejects.toThrow(/ENOENT/);
});

test.each(['base', 'kafka', 'rabbitmq', 'nettools', 'toxiproxy'])('docker/%s is found from here', async (name) => {
  expect(await readdir(contextFolder(name))).toContain(name === 'base' ? 'build-base.sh' : 'Dockerfile');
});
