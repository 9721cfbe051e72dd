import { expect, test } from 'vitest';
import type { ClientLink, LinkTrouble } from '../../../model/cluster.ts';
import { joinLinks } from './join-links.ts';

const { signal } = new AbortController();
const down: LinkTrouble = { kind: 'down' };

/** A way that remembers, and fails where it is told to. */
function way(fails: { readonly apply?: true; readonly restore?: true; readonly observe?: true } = {}): ClientLink & { troubled: boolean } {
  return {
    troubled: false,
    async apply() {
      if (fails.apply) throw new Error('cannot be troubled');
      this.troubled = true;
    },
    async restore() {
      if (fails.restore) throw new Error('cannot be restored');
      this.troubled = false;
    },
    observe: async () => (fails.observe ? { ok: false, detail: 'not met' } : { ok: true, detail: 'met' }),
  };
}

test('one way is itself', () => {
  const only = way();
  expect(joinLinks([only])).toBe(only);
});

test('a trouble that one of two ways refuses is told, and restoring ends it on the other', async () => {
  const first = way();
  const joined = joinLinks([first, way({ apply: true })]);
  await expect(joined.apply('cut-1', down, signal)).rejects.toThrow('cannot be troubled');
  await joined.restore('cut-1', signal);
  expect(first.troubled).toBe(false);
});

test('it is met where both meet it', async () => {
  expect(await joinLinks([way(), way()]).observe('cut-1', down, signal)).toEqual({ ok: true, detail: 'met; met' });
  expect(await joinLinks([way(), way({ observe: true })]).observe('cut-1', down, signal)).toEqual({ ok: false, detail: 'met; not met' });
});

test('a way that cannot be restored does not keep the other troubled, and is told', async () => {
  const second = way();
  const joined = joinLinks([way({ restore: true }), second]);
  await joined.apply('cut-1', down, signal);
  await expect(joined.restore('cut-1', signal)).rejects.toThrow('cannot be restored');
  expect(second.troubled).toBe(false);
});
