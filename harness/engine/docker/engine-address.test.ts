import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkEngine, checkNode, checkPermission } from './doctor-checks.ts';
import { findEngine } from './engine-address.ts';

let folder: string;
let socket: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-test-'));
  await chmod(folder, 0o755);
  socket = join(folder, 'docker.sock');
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

async function serve(): Promise<void> {
  server = createServer((_, response) => response.end('OK'));
  server.listen(socket);
  await once(server, 'listening');
}

describe('finding the engine', () => {
  test('takes the address that DOCKER_HOST names', async () => {
    await serve();
    expect(await findEngine({ DOCKER_HOST: `unix://${socket}` })).toEqual({ kind: 'socket', path: socket });
  });

  test('without one fails with E_NO_ENGINE and says what to do', async () => {
    const error = await findEngine({ DOCKER_HOST: `unix://${socket}` }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'E_NO_ENGINE', message: expect.stringContaining('ENOENT'), hint: expect.stringContaining('DOCKER_HOST') });
    expect(checkEngine(error)).toMatchObject({ ok: false, fix: 'leaderfall doctor --fix' });
  });

  test('at a port where nothing listens fails with E_NO_ENGINE', async () => {
    await expect(findEngine({ DOCKER_HOST: 'tcp://127.0.0.1:1' })).rejects.toMatchObject({ code: 'E_NO_ENGINE', message: expect.stringContaining('ECONNREFUSED') });
  });

  test('refuses an address of a kind that it cannot use', async () => {
    await expect(findEngine({ DOCKER_HOST: 'ssh://somewhere' })).rejects.toMatchObject({ code: 'E_NO_ENGINE', message: expect.stringContaining('ssh://somewhere') });
  });

  test.skipIf(process.getuid?.() !== 0)('as a user who may not use its socket fails with E_ENGINE_PERMISSION', async () => {
    await serve();
    await chmod(socket, 0o600);
    const script = `import(${JSON.stringify(new URL('engine-address.ts', import.meta.url).href)})
      .then(({ findEngine }) => findEngine()).catch(({ code, hint }) => console.log(JSON.stringify({ code, hint })))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { uid: 65_534, gid: 65_534, cwd: '/', env: { DOCKER_HOST: `unix://${socket}` } });
    expect(JSON.parse(stdout)).toMatchObject({ code: 'E_ENGINE_PERMISSION', hint: expect.stringContaining('usermod -aG docker') });
  });
});

describe('doctor', () => {
  test('refuses a Node.js older than the package needs', () => {
    expect(checkNode('22.21.9').ok).toBe(false);
    expect(checkNode('22.22.0').ok).toBe(true);
    expect(checkNode('24.0.0').ok).toBe(true);
    expect(checkNode('20.20.2').ok).toBe(false);
  });

  test('tells an engine without permission from no engine', () => {
    const denied = Object.assign(new Error('denied'), { code: 'E_ENGINE_PERMISSION', [Symbol.for('leaderfall.error')]: true });
    expect(checkEngine(denied).ok).toBe(true);
    expect(checkPermission(denied)).toMatchObject({ ok: false, fix: expect.stringContaining('usermod') });
  });
});
