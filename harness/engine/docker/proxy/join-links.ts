// Several ways of clients to one node as one: a trouble is on all of them or on none, and is met where each is.
import type { ClientLink } from '../../../model/cluster.ts';

const undoMs = 10_000;

export function joinLinks(links: readonly ClientLink[]): ClientLink {
  const [only] = links;
  if (only !== undefined && links.length === 1) return only;
  const restore = async (mark: string, signal: AbortSignal): Promise<void> => {
    const restored = await Promise.allSettled(links.map((link) => link.restore(mark, signal)));
    throwFirst(restored);
  };
  return {
    async apply(mark, trouble, signal) {
      const applied = await Promise.allSettled(links.map((link) => link.apply(mark, trouble, signal)));
      if (applied.some(({ status }) => status === 'rejected')) await restore(mark, AbortSignal.timeout(undoMs)).catch(() => {});
      throwFirst(applied);
    },
    restore,
    async observe(mark, trouble, signal) {
      const seen = await Promise.all(links.map((link) => link.observe(mark, trouble, signal)));
      return { ok: seen.every(({ ok }) => ok), detail: seen.map(({ detail }) => detail).join('; ') };
    },
  };
}

function throwFirst(settled: readonly PromiseSettledResult<void>[]): void {
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
