import { expect, test } from 'vitest';
import { check } from './check.ts';
import { EventColumns } from './event-columns.ts';
import { Ids } from './ids.ts';
import { HistoryBuilder } from './testing/history-builder.ts';
import { eventKinds, noOffset } from '../model/event.ts';

test('payloads that each tell twice the last sequence make no more room than a few times as many ids as there are events', () => {
  const ids = new Ids([{ name: 'producer-0', role: 'producer', index: 0, errors: [] }]);
  const rows = new EventColumns();
  for (let sequence = (1 << 20) - 1; sequence < 2 ** 32 - 1; sequence = sequence * 2 - 1) rows.push({ kind: eventKinds.delivered, timeNs: 0, producer: 0, sequence, attempt: 1, partition: 0, offset: noOffset, actor: 0, code: 0 });
  ids.events = rows.length;
  const batch = rows.slice(0, rows.length);
  for (let row = 0; row < rows.length; row++) ids.admit(batch, row);
  expect(ids.list[0]!.length).toBe(1 << 20);
});

test('an id that is set aside for that counts all the same', async () => {
  const history = new HistoryBuilder({ storeKind: 'queue' });
  history.produced(0, 'reserved', 3_000_000, { offset: 512, attempt: 0 }).produced(0, 'sent', 3_000_000).produced(0, 'acknowledged', 3_000_000);
  history.consumed(0, 'delivered', 0, 3_000_000).consumed(0, 'processed', 0, 3_000_000);
  const { totals } = await check(history.build());
  expect([totals.acknowledged, totals.processedIds]).toEqual([1, 1]);
});
