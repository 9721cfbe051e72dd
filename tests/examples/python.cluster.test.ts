// The Python example does what its page says on a real RabbitMQ cluster: the bytes, the outcomes and the losses are those of pika, not of a driver of ours.
import { beforeAll, expect, test } from 'vitest';
import { countOf, play, setUp, type Played } from './support.ts';

const safe = 'examples/python/confirms/home-node-kill';
const unsafe = 'examples/python/no-confirms/home-node-kill';
let played: Played;

beforeAll(async () => {
  expect(await setUp('python')).toContain('pika 1.4.4');
  played = await play('python/orders.yaml', 'python/policies.yaml');
}, 500_000);

test('every scenario does what its contract says', () => {
  expect([played.code, [...played.runs.values()].map(({ judgement }) => judgement.verdict)], played.stderr).toEqual([0, Array.from({ length: 5 }, () => 'upheld')]);
});

test('a consumer that dies between two steps costs what their order says', () => {
  const late = 'examples/python/transactions/consumer-kill';
  const early = 'examples/python/early-acknowledgement/consumer-kill';
  expect([countOf(played, late, 'lost'), countOf(played, early, 'processedTwice')]).toEqual([0, 0]);
  expect(countOf(played, late, 'processedTwice')).toBeGreaterThanOrEqual(1);
  expect(countOf(played, early, 'lost')).toBe(countOf(played, early, 'settledUnprocessed'));
});

test('with confirms nothing is lost, without them the exposed messages are', () => {
  expect(countOf(played, safe, 'lost')).toBe(0);
  expect(played.runs.get(unsafe)!.facts!.exposedSet).toMatchObject({ exposed: 2_000, lostAndExposed: 2_000 });
});

test('every message is accounted for, and every byte came back', () => {
  for (const [name, { facts }] of played.runs) {
    expect(facts!.accounting).toMatchObject({ addsUp: true, unseen: 0 });
    expect([countOf(played, name, 'corrupted'), countOf(played, name, 'strangers'), countOf(played, name, 'ghost')]).toEqual([0, 0, 0]);
  }
});
