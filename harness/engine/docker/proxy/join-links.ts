// Several ways of clients to one node as one: a trouble is brought to all of them, ended on all, and met where each is.
import type { ClientLink } from '../../../model/cluster.ts';
import { throwFirst } from '../../../model/throw-first.ts';

export function joinLinks(links: readonly ClientLink[]): ClientLink {
  const [only] = links;
  if (only !== undefined && links.length === 1) return only;
  return {
    async apply(mark, trouble, signal) {
      throwFirst(await Promise.allSettled(links.map((link) => link.apply(mark, trouble, signal))));
    },
    async restore(mark, signal) {
      throwFirst(await Promise.allSettled(links.map((link) => link.restore(mark, signal))));
    },
    async observe(mark, trouble, signal) {
      const seen = await Promise.all(links.map((link) => link.observe(mark, trouble, signal)));
      return { ok: seen.every(({ ok }) => ok), detail: seen.map(({ detail }) => detail).join('; ') };
    },
  };
}
