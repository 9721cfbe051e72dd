// The Java example does what its page says on a real Kafka cluster: acks, receipts and commits are those of the official client.
import { beforeAll, expect, test } from 'vitest';
import { countOf, play, setUp, type Played } from './support.ts';

const safe = 'examples/java/acks-all/leader-kill-behind';
const unsafe = 'examples/java/acks-1/leader-kill-behind';
let played: Played;

beforeAll(async () => {
  expect(await setUp('java')).toContain('==> ready');
  played = await play('java/orders.yaml', 'java/auto-commit.yaml');
}, 500_000);

test('all three scenarios do what their contract says', () => {
  expect([played.code, [...played.runs.values()].map(({ judgement }) => judgement.verdict)], played.stderr).toEqual([0, ['upheld', 'upheld', 'upheld']]);
});

test('acks=all loses nothing, acks=1 exactly the thousand messages that only the leader had', () => {
  expect(countOf(played, safe, 'lost')).toBe(0);
  expect(played.runs.get(unsafe)!.facts!.exposedSet).toMatchObject({ exposed: 1_000, lostAndExposed: 1_000, lostNotExposed: 0, exposedNotLost: 0 });
});

test('every message is accounted for, and every byte came back', () => {
  for (const [name, { facts }] of played.runs) {
    expect(facts!.accounting).toMatchObject({ addsUp: true, unseen: 0 });
    expect([countOf(played, name, 'corrupted'), countOf(played, name, 'strangers'), countOf(played, name, 'ghost'), countOf(played, name, 'offsetConflicts')]).toEqual([0, 0, 0, 0]);
  }
});

test('auto-commit in a poll loop that processes first skips nothing, although leader and consumer are killed', () => {
  const name = 'examples/java/auto-commit/leader-and-consumer-kill';
  expect([countOf(played, name, 'lost'), countOf(played, name, 'settledUnprocessed'), countOf(played, name, 'duplicated')]).toEqual([0, 0, 0]);
});
