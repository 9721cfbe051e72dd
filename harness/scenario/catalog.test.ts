import { describe, expect, test } from 'vitest';
import type { ScenarioInput } from './input.ts';
import { createCatalog } from './catalog.ts';
import { defineScenario } from './define-scenario.ts';

const scenario = (name: string, more: Partial<ScenarioInput> = {}) =>
  defineScenario({ name, cluster: { broker: 'memory' }, steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'forbidden' }, ...more } as ScenarioInput);
const kafka = { cluster: { broker: 'kafka' } } as const;

const catalog = createCatalog([
  scenario('memory/unsafe', { twin: 'memory/safe', tags: ['demo'] }),
  scenario('kafka/other', { ...kafka, tags: ['demo'] }),
  scenario('memory/safe'),
  scenario('kafka/deep/unsafe', { ...kafka, twin: 'kafka/deep/safe' }),
  scenario('memory/alone'),
  scenario('kafka/deep/safe', { ...kafka, twin: 'kafka/deep/unsafe', tags: ['demo'] }),
  scenario('kafka/three-nine', { cluster: { broker: 'kafka', version: '3.9' } }),
]);
const names = (...patterns: readonly string[]) => catalog.select(patterns).map(({ name }) => name);

describe('selecting', () => {
  test('by name pulls in the twin, whichever of the two names the other', () => {
    expect(names('memory/unsafe')).toEqual(['memory/unsafe', 'memory/safe']);
    expect(names('memory/safe')).toEqual(['memory/safe', 'memory/unsafe']);
  });

  test('by tag pulls in twins that lack the tag', () => {
    expect(catalog.select([], { tags: ['demo'] }).map(({ name }) => name)).toEqual(['memory/unsafe', 'memory/safe', 'kafka/other', 'kafka/deep/safe', 'kafka/deep/unsafe']);
  });

  test('by glob reaches every depth below', () => {
    expect(names('kafka/*')).toEqual(['kafka/other', 'kafka/deep/unsafe', 'kafka/deep/safe', 'kafka/three-nine']);
    expect(names('*/alone')).toEqual(['memory/alone']);
  });

  test('keeps twins together, and scenarios that can share a cluster', () => {
    expect(names()).toEqual(['memory/unsafe', 'memory/safe', 'memory/alone', 'kafka/other', 'kafka/deep/unsafe', 'kafka/deep/safe', 'kafka/three-nine']);
  });

  test('without twins gives just what was asked for', () => {
    expect(catalog.select(['memory/safe'], { withTwins: false }).map(({ name }) => name)).toEqual(['memory/safe']);
  });

  test('something unknown says what was probably meant', () => {
    expect(() => names('memory/save')).toThrow('No scenario is called or matches "memory/save"; did you mean "memory/safe"?');
    expect(() => catalog.select([], { tags: ['dmo'] })).toThrow('did you mean "demo"?');
  });
});

test('a twin that does not exist is an error, not a skipped check', () => {
  expect(() => createCatalog([scenario('a', { twin: 'aa' })]).select([])).toThrow('The twin of "a" does not exist: "aa"');
});

test('two scenarios of one name are refused', () => {
  expect(() => createCatalog([scenario('a'), scenario('a')])).toThrow('Two scenarios are called "a"');
});
