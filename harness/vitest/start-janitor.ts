// Ctrl+C in Vitest's run mode ends its workers by SIGKILL: nothing in them can clean up. So a small process outlives this one.
import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Janitor {
  /** Everything was removed in good order. */
  dismiss(): void;
}

/** In a session of its own, so that no terminal's signal reaches it. It learns of this process's end by the end of its standard input. */
export function startJanitor(): Janitor {
  const entry = fileURLToPath(new URL(`./janitor${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Without it the next run sweeps, as after any other crash.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  // A pipe to a child is a socket: it must not keep this process alive.
  (child.stdin as unknown as { unref(): void }).unref();
  return { dismiss: () => { child.kill(); } };
}
