// Debian's packages, installed on this machine where `doctor --fix` may: as root, on a system that has apt.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describeError, LeaderfallError, type ErrorCode } from '../../model/errors.ts';

export interface StepOptions {
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
  /** What a step that fails is called, and what to do then. */
  readonly failure: { readonly code: ErrorCode; readonly hint: string };
}

const installTimeoutMs = 5 * 60_000;

/** @throws LeaderfallError of the given code with apt's last lines. */
export async function installPackages(packages: readonly string[], options: StepOptions): Promise<void> {
  options.onProgress(`installing ${packages.join(' and ')}`);
  // One unreachable source of many fails the update; whether the packages can be had shows in the next step.
  await runStep('apt-get', ['update'], installTimeoutMs, options).catch((error: unknown) => {
    options.signal.throwIfAborted();
    options.onProgress(`apt-get update: ${describeError(error)}`);
  });
  await runStep('apt-get', ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...packages], installTimeoutMs, options);
}

export const canInstallPackages = (): boolean => process.getuid?.() === 0 && onPath('apt-get');

/** apt's own steps and complaints; the rest of its output is noise. */
const worthTelling = /^(?:Need to get|Get:|Setting up|[EW]: )/;

/** Runs a command, tells what it does, and keeps its last lines for the error. */
export async function runStep(command: string, args: readonly string[], timeoutMs: number, options: StepOptions): Promise<void> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    signal: AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]),
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (line.trim() === '') return;
      lines.push(line);
      if (worthTelling.test(line)) options.onProgress(line.trim());
    });
  }
  const outcome = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(describeError(error)));
    child.once('exit', (code, by) => resolve(code === 0 ? undefined : `it ended with ${by ?? `exit code ${code}`}`));
  });
  options.signal.throwIfAborted();
  if (outcome === undefined) return;
  const { code, hint } = options.failure;
  throw new LeaderfallError(code, `\`${command} ${args.join(' ')}\` failed: ${outcome}.`, { hint, detail: lines.slice(-15).join('\n') });
}

export function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => folder !== '' && existsSync(join(folder, program)));
}
