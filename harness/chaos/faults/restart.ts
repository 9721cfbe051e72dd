// A process that ends and is started again at once: the absence is as short as its own start.
import { waitUntil } from '../../model/wait.ts';
import type { Life, NodeState } from '../../model/cluster.ts';
import { onEach, type Fault, type Proof } from '../fault.ts';
import { provedExited, startAgain } from './life.ts';

const startMs = 20_000;

export const restart: Fault = {
  name: 'restart',
  strikes: 'node',
  inject: ({ victims, parameter, healWith, signal }) => onEach(victims, async ({ life }) => {
    const { id } = life;
    const before = await life.state(signal);
    healWith((healSignal) => startAgain(life, healSignal));
    if (parameter('graceful') === 1) await life.stop(signal);
    else await life.kill(signal);
    const ended = await provedExited(life, before, signal);
    await life.start(signal);
    return { prove: (proofSignal) => (ended.ok ? provedAnother(id, life, before, proofSignal) : Promise.resolve(ended)) };
  }),
};

/** Running, and not the life that was seen before. A client's replacement has a name of its own. */
async function provedAnother(id: string, life: Life, before: NodeState, signal: AbortSignal): Promise<Proof> {
  try {
    return await waitUntil(async () => {
      const now = await life.state(signal);
      const seen = `${id} (process ${before.pid}) ended; ${life.id} (process ${now.pid}) is ${now.status}`;
      return now.status === 'running' && now.startedAt !== before.startedAt ? { done: true, value: { ok: true, detail: seen } } : { done: false, seen };
    }, { describe: `another process of ${id} to run`, timeoutMs: startMs, intervalMs: 50, signal });
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
