// Installs and starts a container engine on a Debian or Ubuntu machine, for `doctor --fix`. An engine that had to be started stays:
// it gets its own session, so that it outlives this process and its terminal.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describeError, LeaderfallError } from '../../model/errors.ts';
import { waitUntil } from '../../model/wait.ts';
import { installPackages, onPath, runStep } from './debian-packages.ts';
import { findEngine } from './engine-address.ts';
import { startTicksOf } from '../owner.ts';

export interface StartEngineOptions {
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
}

const packages = ['docker.io', 'iptables'];
const byHand = `sudo apt-get install -y ${packages.join(' ')} && sudo systemctl start docker && sudo usermod -aG docker "$USER"`;
const failure = { code: 'E_NO_ENGINE', hint: `Run by hand: ${byHand}` } as const;
const startTimeoutMs = 60_000;

/**
 * Returns once an engine answers.
 * @throws LeaderfallError `E_NO_ENGINE` when this user may not, or this system cannot, with the commands to run by hand.
 */
export async function startEngine(options: StartEngineOptions): Promise<void> {
  requireAbility();
  if (!onPath('dockerd')) await installPackages(packages, { ...options, failure });
  // Installing may have started it already.
  if (await answers()) return;
  options.onProgress('starting the container engine');
  if (systemOwner() === 'systemd') await runStep('systemctl', ['start', 'docker'], startTimeoutMs, { ...options, failure });
  else if (systemOwner() === 'init' && existsSync('/etc/init.d/docker')) await runStep('service', ['docker', 'start'], startTimeoutMs, { ...options, failure });
  else if (!isStarting()) return startDetached(options, []);
  await waitForEngine(options, () => undefined);
}

/**
 * Starts `dockerd` in its own session with its output in a file of the user's cache folder.
 * @param args more arguments of dockerd; with `--host`, `answered` must look at that address.
 */
export async function startDetached(options: StartEngineOptions, args: readonly string[], answered: () => Promise<boolean> = answers): Promise<void> {
  const logFile = engineLogFile();
  const log = openSync(logFile, 'a');
  const from = statSync(logFile).size;
  let ended: string | undefined;
  try {
    const child = spawn('dockerd', args, { detached: true, cwd: '/', stdio: ['ignore', log, log] });
    child.once('error', (error) => (ended = describeError(error)));
    child.once('exit', (code, by) => (ended = `dockerd ended with ${by ?? `exit code ${code}`}`));
    child.unref();
  } finally {
    closeSync(log);
  }
  options.onProgress(`dockerd writes its log to ${logFile}`);
  await waitForEngine(options, () => ended, { answered, lastLines: () => tailOf(logFile, from) });
}

interface WaitParts {
  readonly answered: () => Promise<boolean>;
  readonly lastLines: () => string;
}

async function waitForEngine(options: StartEngineOptions, endedWith: () => string | undefined, parts: WaitParts = { answered: answers, lastLines: () => '' }): Promise<void> {
  const outcome = await waitUntil(async () => {
    if (await parts.answered()) return { done: true, value: undefined };
    const ended = endedWith();
    return ended === undefined ? { done: false, seen: 'no answer' } : { done: true, value: ended };
  }, { describe: 'the container engine to answer', timeoutMs: startTimeoutMs, signal: options.signal, intervalMs: 200 }).catch((error: unknown) => {
    options.signal.throwIfAborted();
    return describeError(error);
  });
  if (outcome === undefined) return;
  throw new LeaderfallError('E_NO_ENGINE', `The container engine did not start: ${outcome}.`, {
    hint: 'Its last lines are below. Mend what they name, then run `leaderfall doctor --fix` again.',
    detail: parts.lastLines(),
  });
}

function requireAbility(): void {
  const impossible = (why: string, hint: string): LeaderfallError => new LeaderfallError('E_NO_ENGINE', `No container engine answers, and none can be started here: ${why}.`, { hint });
  if (process.env['DOCKER_HOST']) throw impossible('DOCKER_HOST names one that is not ours to start', 'Start that engine, or unset DOCKER_HOST.');
  if (process.platform !== 'linux') throw impossible(`${process.platform} has no engine of its own`, 'Install and start Docker Desktop, Podman or Colima, and run again.');
  if (process.getuid?.() !== 0) throw impossible('this user is not root', `Run: ${byHand}`);
  if (!onPath('dockerd') && !onPath('apt-get')) throw impossible('this is no Debian or Ubuntu', 'Install Docker as https://docs.docker.com/engine/install/ says, start it, and run again.');
}

/** Who starts services on this machine; in a container, nobody does. */
function systemOwner(): 'systemd' | 'init' | 'nobody' {
  if (existsSync('/run/systemd/system') && onPath('systemctl')) return 'systemd';
  return textOf('/proc/1/comm').trim() === 'init' && onPath('service') ? 'init' : 'nobody';
}

/** A second dockerd beside one that has not answered yet would only fail. */
function isStarting(): boolean {
  const pid = Number(textOf('/var/run/docker.pid'));
  return pid > 0 && startTicksOf(pid) !== undefined;
}

function answers(): Promise<boolean> {
  return findEngine().then(() => true, () => false);
}

function engineLogFile(): string {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'leaderfall');
  mkdirSync(folder, { recursive: true });
  return join(folder, 'dockerd.log');
}

/** The end of what was written to a file after a position, at most 4 KiB. */
function tailOf(file: string, from: number): string {
  const size = statSync(file).size;
  const begin = Math.max(from, size - 4096);
  const buffer = Buffer.alloc(size - begin);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, buffer, 0, buffer.length, begin);
  } finally {
    closeSync(descriptor);
  }
  return buffer.toString('utf8').trim().split('\n').slice(-15).join('\n');
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
