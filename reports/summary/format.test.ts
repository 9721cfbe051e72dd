import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCount, formatDuration, formatShare, formatTimestamp, groupSeparator, listWords, plural, tie } from './format.ts';

test('a grouped count is the same number', () => {
  expect(formatCount(1_234_567)).toBe(`1${groupSeparator}234${groupSeparator}567`);
  fc.assert(fc.property(fc.nat(), (count) => { expect(Number(formatCount(count).replaceAll(groupSeparator, ''))).toBe(count); }));
});

test('durations change their unit where people do', () => {
  expect([0.42, 9.96, 850, 999.6, 12_345, 59_960, 125_000].map(formatDuration)).toEqual(['0.4 ms', '10 ms', '850 ms', '1.0 s', '12.3 s', '1 min 0 s', '2 min 5 s']);
  expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('unknown');
});

test('something is never shown as nothing, nor a part as everything', () => {
  expect(formatShare(1, 1_000_000)).toBe('< 0.1 %');
  expect(formatShare(999_999, 1_000_000)).toBe('> 99.9 %');
  expect(formatShare(5, 5)).toBe('100 %');
  expect(formatShare(0, 0)).toBe('—');
});

test('a number keeps its digits and its unit on one line, with the same words', () => {
  expect(tie('at most 15 000 ms after 3.4 s, 12 messages')).toBe(`at most 15${groupSeparator}000\u00a0ms after 3.4\u00a0s, 12 messages`);
  fc.assert(fc.property(fc.string(), (text) => { expect(tie(text).replaceAll(/[\u202f\u00a0]/g, ' ')).toBe(text.replaceAll(/[\u202f\u00a0]/g, ' ')); }));
});

test('words around numbers', () => {
  expect([plural(1, 'message'), plural(2000, 'message')]).toEqual(['1 message', `2${groupSeparator}000 messages`]);
  expect([listWords([]), listWords(['a']), listWords(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
  expect([formatTimestamp('2026-11-23T09:14:02.311Z'), formatTimestamp('yesterday')]).toEqual(['2026-11-23 09:14:02 UTC', 'yesterday']);
});
