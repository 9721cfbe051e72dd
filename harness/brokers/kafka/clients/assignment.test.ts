import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Delivery, DeliverySink } from '../../../model/client.ts';
import { Assignment, consuming } from './assignment.ts';

function recording(): { readonly sink: DeliverySink; readonly events: string[] } {
  const events: string[] = [];
  const sink: DeliverySink = {
    received: async () => {},
    process: async (batch) => ({ accepted: batch, refused: [], requeue: false }),
    settled: async (batch) => void events.push(`settled ${batch.map(({ partition, offset }) => `${partition}/${offset}`).join(' ')}`),
    rejected: () => {},
    assigned: (partition) => void events.push(`assigned ${partition}`),
    revoked: (partition) => void events.push(`revoked ${partition}`),
    note: () => {},
  };
  return { sink, events };
}

const delivery = (partition: number, offset: number): Delivery => ({ payload: new Uint8Array(0), partition, offset, redelivered: false });

test('a new assignment revokes the old one first', () => {
  const { sink, events } = recording();
  const assignment = new Assignment('orders', sink);
  assignment.got({ orders: [0, 1], other: [5] });
  assignment.got({ orders: [1] });
  expect(events).toEqual(['assigned 0', 'assigned 1', 'revoked 0', 'revoked 1', 'assigned 1']);
});

test('a member without partitions has joined, one that lost its group has not', () => {
  const assignment = new Assignment('orders', recording().sink);
  expect(assignment.joined).toBe(false);
  assignment.got({});
  expect(assignment.joined).toBe(true);
  assignment.lost();
  expect(assignment.joined).toBe(false);
});

test('a member knows where it reads from once that was looked up, and not from before it joined', () => {
  const assignment = new Assignment('orders', recording().sink);
  assignment.located();
  assignment.got({ orders: [0] });
  expect(assignment.positioned).toBe(false);
  assignment.located();
  expect(assignment.positioned).toBe(true);
  assignment.got({ orders: [0, 1] });
  expect(assignment.positioned).toBe(false);
});

test('a consumer has started once it is a member that knows where it reads from', async () => {
  const assignment = new Assignment('orders', recording().sink);
  const started = consuming(assignment, () => assignment.joined, 0, new AbortController().signal);
  assignment.got({ orders: [0] });
  expect(await Promise.race([started.then(() => 'started'), delay(200, 'waits')])).toBe('waits');
  assignment.located();
  await started;
});

test('a commit settles exactly what lies below it, once', async () => {
  const { sink, events } = recording();
  const assignment = new Assignment('orders', sink);
  await assignment.resolved([delivery(0, 7), delivery(0, 8), delivery(1, 3), delivery(0, 9)]);
  await assignment.committed(0, 9);
  await assignment.committed(0, 9);
  await assignment.committed(0, 10);
  expect(events).toEqual(['settled 0/7 0/8', 'settled 0/9']);
});

test('what a library committed before it handed it out is settled once it is handed out', async () => {
  const { sink, events } = recording();
  const assignment = new Assignment('orders', sink);
  await assignment.committed(0, 8);
  await assignment.resolved([delivery(0, 7), delivery(0, 8), delivery(1, 3)]);
  expect(events).toEqual(['settled 0/7']);
});

test('what was not committed when the partitions were lost is never settled', async () => {
  const { sink, events } = recording();
  const assignment = new Assignment('orders', sink);
  assignment.got({ orders: [0] });
  await assignment.resolved([delivery(0, 1)]);
  assignment.lost();
  await assignment.committed(0, 2);
  expect(events).toEqual(['assigned 0', 'revoked 0']);
});
