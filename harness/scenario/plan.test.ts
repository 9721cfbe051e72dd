import { expect, test } from 'vitest';
import { defineScenario } from './define-scenario.ts';
import { describePlan } from './describe-plan.ts';
import { makePlan } from './plan.ts';

const scenario = defineScenario({
  name: 'memory/answer/crash',
  title: 'A server dies',
  cluster: { broker: 'memory', defects: { losesEvery: 10 } },
  steps: [{ wait: { acknowledged: 5, elapsedMs: 100 } }, { inject: 'kill', as: 'k1', target: { node: 'memory-1' } }, { heal: 'k1' }],
  contract: { lost: 'required', duplicated: { max: 3 } },
});
const createdAt = '2026-11-23T14:05:06.789Z';
const plan = (seed: string, repetition = 1, at = createdAt) => makePlan({ scenario, seed, repetition, createdAt: at });

test('the same seed and moment give the same plan', () => {
  expect(plan('abc')).toEqual(plan('abc'));
});

test('another moment changes only ids and the moment itself', () => {
  const { runId: _, runTag: __, createdAt: ___, ...first } = plan('abc');
  const { runId: ____, runTag: _____, createdAt: ______, ...second } = plan('abc', 1, '2026-11-23T15:00:00.000Z');
  expect(first).toEqual(second);
});

test('the id tells time, scenario and seed, and can be a folder', () => {
  expect(plan('deadbeef01').runId).toBe('20261123T140506789Z-memory-answer-crash-deadbeef');
  expect(plan('any text at all').runId).toMatch(/^20261123T140506789Z-memory-answer-crash-[0-9a-f]{8}$/);
});

test('repetitions of one second differ in id and tag', () => {
  expect(plan('abc', 2).runId).toBe(`${plan('abc').runId}-r2`);
  expect(plan('abc', 2).runTag).not.toBe(plan('abc').runTag);
  expect(plan('abc').runTag).toMatch(/^[0-9a-f]{16}$/);
});

test('a plan is described in words', () => {
  expect(describePlan(plan('abc'))).toBe([
    'memory/answer/crash: A server dies',
    '  seed        abc',
    '  cluster     memory embedded, 1 node, losesEvery 10',
    '  destination 1 partition, answer on-accept',
    '  producer    1 × memory, 1 in flight, flat out, resend never, timeoutMs 3000',
    '  consumer    1 × memory, from steady, settle after-processing, prefetch 100, handler 0 ms',
    '  steady      100 acknowledged',
    '  step 1      wait for 5 acknowledged or 100 ms, whichever comes first',
    '  step 2      kill memory-1 (k1)',
    '  step 3      heal k1',
    '  contract    lost required, duplicated at most 3',
    '  twin        none: its power is untested',
  ].join('\n'));
});

test('clients of one\'s own, routing, refusing, crash points, parameters and versions are described too', () => {
  const queue = defineScenario({
    name: 'rabbitmq/a', cluster: { broker: 'rabbitmq', version: '3.10' },
    only: { versions: ['3.10', '4.0'], because: 'gone in 4.3' },
    onVersions: [{ versions: ['3.10'], because: 'no limit there', contract: { lost: 'allowed' } }],
    producer: { driver: 'program', program: { command: ['python3', 'client.py'] } },
    consumer: { refuse: { every: 10, requeue: true } },
    steps: [{ inject: 'kill', target: { consumer: 0, between: 'processing-and-settling' } }, { inject: 'crash-loop', target: { consumer: 0 }, with: { times: 21 } }, { wait: { inSyncAtMost: 2 } }],
    contract: { lost: 'forbidden' }, predicted: { lost: '0 of 1,706' },
  });
  const text = describePlan(makePlan({ scenario: queue, seed: 'abc', repetition: 1, createdAt }));
  for (const line of [
    '  only        3.10, 4.0: gone in 4.3', ', command python3 client.py', ', refuses every 10th once, to be requeued', '  step 1      kill consumer 0 between processing and settling',
    '  step 2      crash-loop consumer 0, times 21', '  step 3      wait for at most 2 in sync', '  contract    lost allowed', '  on 3.10     no limit there', '  predicted   lost 0 of 1,706',
  ]) expect(text).toContain(line);
  expect(text).not.toContain('null');
  const log = defineScenario({ name: 'kafka/a', cluster: { broker: 'kafka' }, destination: { partitions: 6 }, producer: { routing: 'keyed', keys: 7 }, steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' } });
  expect(describePlan(makePlan({ scenario: log, seed: 'abc', repetition: 1, createdAt }))).toContain(', keyed by 7 keys, resend never');
});
