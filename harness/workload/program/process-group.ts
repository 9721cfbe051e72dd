// Starts programs that never outlive this process: not its normal end, and not its SIGKILL.
// A worker leads a process group, and its program stays in it: whatever a fault does to the worker it does to the program.
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Socket } from 'node:net';
import type { ProgramSpec } from '../../model/scenario.ts';

/** Programs that run now. */
const running = new Set<ChildProcess>();
let killsAtExit = false;

/** The executable is looked up in the program's folder, or in PATH. A command that does not exist is an `error` event. */
export function spawnProgram({ command, folder, environment }: ProgramSpec): ChildProcessWithoutNullStreams {
  const [executable = '', ...argv] = command;
  const child = spawn(executable, argv, { cwd: folder, env: { ...process.env, ...environment }, detached: !leadsGroup(), stdio: 'pipe' });
  if (child.pid === undefined) return child;
  if (!killsAtExit) process.once('exit', () => { for (const program of running) killProgram(program); });
  killsAtExit = true;
  running.add(child);
  const guard = startGuard(leadsGroup() ? process.pid : child.pid);
  child.once('exit', () => {
    running.delete(child);
    if (leadsGroup()) return;
    // What it left behind goes too; nobody else can have its number yet.
    killProgram(child);
    guard.kill('SIGKILL');
  });
  return child;
}

/** At once. Where the group is the worker's own, what the program started ends with the worker. */
export function killProgram(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(leadsGroup() ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function leadsGroup(): boolean {
  try {
    return process.kill(-process.pid, 0);
  } catch {
    return false;
  }
}

/** Waits for the end of its input, which comes when this process ends in any way, and then kills the group. */
function startGuard(group: number): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -9 "-$1"', 'leaderfall-guard', String(group)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.on('error', () => {});
  guard.stdin!.on('error', () => {});
  // It waits for this process, not the other way round.
  guard.unref();
  (guard.stdin as Socket).unref();
  return guard;
}
