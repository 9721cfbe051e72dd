// Makes the Debian system that the built images stand on, from the machine's own apt mirror.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type Dockerode from 'dockerode';
import { LeaderfallError } from '../../../model/errors.ts';
import { findDebianMirror } from './apt-source.ts';
import { contextFolder, contextHash } from './build-context.ts';
import { readEngineStream } from './engine-stream.ts';
import type { Suite } from './versions.ts';

const run = promisify(execFile);

export async function baseReference(suite: Suite): Promise<string> {
  return `leaderfall/base:${suite}-${await contextHash(contextFolder('base'), [suite])}`;
}

/**
 * Imports the base image unless it is present. The caller holds the build lock.
 * @throws LeaderfallError `E_IMAGE_BUILD` without a Debian mirror or mmdebstrap, or when bootstrapping fails.
 */
export async function ensureBaseImage(docker: Dockerode, suite: Suite, signal: AbortSignal, report: (step: string) => void): Promise<string> {
  const reference = await baseReference(suite);
  const present = await docker.getImage(reference).inspect().then(() => true, () => false);
  if (present) return reference;
  await ensureMmdebstrap(signal, report);
  const { uri, keyring } = await findDebianMirror();
  report(`base system: Debian ${suite}`);
  const script = join(contextFolder('base'), 'build-base.sh');
  const bootstrap = spawn('sh', [script, suite, uri, ...(keyring ? [keyring] : [])], { signal, stdio: ['ignore', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  bootstrap.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  const ended = once(bootstrap, 'close');
  ended.catch(() => {});
  const [repo, tag] = reference.split(':');
  const importing = await docker.importImage(bootstrap.stdout, { repo, tag, abortSignal: signal });
  for await (const message of readEngineStream(importing)) if (message.status?.startsWith('sha256:')) report('base system: imported');
  const [exitCode] = await ended as [number | null];
  if (exitCode === 0) return reference;
  // A bootstrap that fails half-way leaves a truncated image behind.
  await docker.getImage(reference).remove().catch(() => {});
  throw new LeaderfallError('E_IMAGE_BUILD', `mmdebstrap could not make a Debian ${suite} system (exit code ${exitCode}).`, {
    detail: complaints.join('').trim().split('\n').slice(-15).join('\n'),
    hint: 'Check that the Debian mirror in the apt sources carries this suite (`apt-get update` tells).',
  });
}

async function ensureMmdebstrap(signal: AbortSignal, report: (step: string) => void): Promise<void> {
  if (await hasMmdebstrap()) return;
  const hint = 'Run `apt-get install mmdebstrap` as root, or make an image registry reachable.';
  if (process.getuid?.() !== 0) throw new LeaderfallError('E_IMAGE_BUILD', 'Building images needs mmdebstrap.', { hint });
  report('installing mmdebstrap');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // One unreachable source of many fails an update; what counts is whether the package can be installed.
  await run('apt-get', ['-qq', 'update'], { signal, env }).catch(() => {});
  try {
    await run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', 'mmdebstrap'], { signal, env });
  } catch (cause) {
    signal.throwIfAborted();
    throw new LeaderfallError('E_IMAGE_BUILD', 'mmdebstrap could not be installed.', { hint, cause });
  }
}

async function hasMmdebstrap(): Promise<boolean> {
  return await run('mmdebstrap', ['--version']).then(() => true, () => false);
}
