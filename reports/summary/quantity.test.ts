import { expect, test } from 'vitest';
import { renderRun, renderSuite } from '../render.ts';
import { renderTable } from '../terminal/table.ts';
import { interruptedRun } from '../testing/sample-matrix.ts';
import { inconclusiveRun, upheldRun, upheldSuite } from '../testing/sample-records.ts';
import { formatCount } from './format.ts';
import { actualWords, clauseVerdict, formatQuantities, formatQuantity, quantityOf } from './quantity.ts';
import { summarise } from './summarise.ts';
import { worstNumber } from './worst-number.ts';

const show = (...args: Parameters<typeof quantityOf>): string => formatQuantity(quantityOf(...args), formatCount);

test('a count is exact, a lower bound, or not known', () => {
  expect(show(upheldRun, 'lost')).toBe('0');
  expect(show(interruptedRun, 'lost')).toBe('≥ 0');
  expect(show(interruptedRun, 'duplicated')).toBe('—');
  expect(show(inconclusiveRun, 'lost')).toBe('—');
  expect(show({ ...upheldRun, facts: null }, 'lost')).toBe('—');
});

test('over several runs what is not known is told apart', () => {
  const exact = { count: 3, certainty: 'exact' } as const;
  const open = { count: 1, certainty: 'at-least' } as const;
  const unknown = { count: 0, certainty: 'unknown' } as const;
  expect(formatQuantities([exact, { ...exact, count: 5 }], formatCount)).toBe('3–5');
  expect(formatQuantities([exact, open], formatCount)).toBe('3, 1 unknown');
  expect(formatQuantities([open, open], formatCount)).toBe('≥ 1');
  expect(formatQuantities([open, unknown], formatCount)).toBe('—');
});

test('a clause of a run that did not end is never shown as upheld, nor its count as the truth', () => {
  const [lost] = interruptedRun.judgement.clauses;
  expect([clauseVerdict(interruptedRun, lost!), actualWords(interruptedRun, lost!)]).toEqual(['inconclusive', '≥ 0']);
  expect([clauseVerdict(upheldRun, lost!), actualWords(upheldRun, lost!)]).toEqual(['upheld', '0']);
  expect(actualWords(interruptedRun, { ...lost!, actual: '12 (all exposed)' })).toBe('12 (all exposed)');
});

test('no surface says of an interrupted run that it lost 0', () => {
  const suite = { ...upheldSuite, verdict: 'interrupted' as const, exitCode: 130, runs: [interruptedRun] };
  const files: Readonly<Record<string, string>> = { ...renderSuite(suite), ...Object.fromEntries(Object.entries(renderRun(interruptedRun)).map(([name, text]) => [`run ${name}`, text])), terminal: renderTable(suite, { colour: false, width: 120 }) };
  for (const [name, text] of Object.entries(files)) {
    const words = text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(words, name).not.toMatch(/\b(lost|duplicated) :? ?0\b/);
    if (name.endsWith('metrics.txt')) expect(text.replaceAll(/^leaderfall_measure_least.*$/gm, ''), name).not.toMatch(/("(lost|stuck)"|cause="\w+")\} 0/);
  }
  expect(summarise(suite)[0]!.lost).toBe('≥ 0');
  expect(files['metrics.txt']).toContain('leaderfall_measure_least{scenario="kafka/acks-all/leader-kill",version="4.1",repetition="1",measure="lost"} 0');
});

test('the worst number says what was forbidden, demanded or not known', () => {
  expect([upheldRun, inconclusiveRun, interruptedRun].map(worstNumber)).toEqual(['lost 0 of 24,123', 'loss not known', 'lost ≥ 0 of 24,123']);
});
