import { expect, test } from 'vitest';
import { defineScenario } from '../scenario/define-scenario.ts';
import { versionMatrix } from '../scenario/version-matrix.ts';
import { turnsOf } from './turns.ts';

const base = { steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' } } as const;
const kafka = defineScenario({ ...base, name: 'kafka/a', cluster: { broker: 'kafka' } });
const memory = defineScenario({ ...base, name: 'memory/a', cluster: { broker: 'memory' } });

test('repetitions of a scenario follow each other', () => {
  expect(turnsOf([memory, kafka], 2).map(({ index, slug, repetition }) => [index, slug, repetition])).toEqual([[0, 'memory-a', 1], [1, 'memory-a', 2], [2, 'kafka-a', 1], [3, 'kafka-a', 2]]);
});

test('the version stands in the name of what runs on several', () => {
  const { scenarios } = versionMatrix([kafka, memory], new Map([['kafka', ['3.9', '4.3']]]));
  expect(turnsOf(scenarios, 1).map(({ slug, on }) => [slug, on])).toEqual([['kafka-a-3-9', 'kafka 3.9'], ['kafka-a-4-3', 'kafka 4.3'], ['memory-a', null]]);
});
