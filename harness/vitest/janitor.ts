// Entry point of the process that waits until the one that started it is gone, then removes what that one left; see `startJanitor`.
import { sweepFolders } from '../brokers/memory/sweep.ts';
import { sweep } from '../engine/docker/sweeper.ts';
import { waitUntil } from '../model/wait.ts';

const limitMs = 60_000;
/** The engine may still be making what the dead process asked for last. */
const looksWithoutFinding = 3;

process.stdin.resume().on('end', () => { void tidy(); });

async function tidy(): Promise<void> {
  const signal = AbortSignal.timeout(limitMs);
  let quietLooks = 0;
  const look = async () => {
    sweepFolders();
    const { removed } = await sweep(signal);
    quietLooks = removed.length === 0 ? quietLooks + 1 : 0;
    return quietLooks >= looksWithoutFinding ? ({ done: true, value: undefined } as const) : ({ done: false, seen: `${removed.length} removed` } as const);
  };
  // What it cannot remove, without an engine above all, the next run sweeps or there is nothing to remove.
  await waitUntil(look, { describe: 'nothing to be left', timeoutMs: limitMs / 4, intervalMs: 1_500, signal }).catch(() => {});
  process.exit(0);
}
