import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeScript } from './make-script.ts';
import { formatFragment, parseFragment } from './source/fragment.ts';
import { hasText, isPartition, isSentWithin, wordsOf } from './source/matching.ts';
import { fitted, formatRange, moved, parseRange, roundTicks, zoomed } from './source/time-range.ts';

const whole = { fromMs: 5_600, toMs: 27_400 };

test('the script of the page is made from the sources beside it', () => {
  expect(readFileSync(new URL('script.ts', import.meta.url), 'utf8')).toBe(makeScript());
});

test('no part of the axis lies outside of it, or is too short to show anything', () => {
  const time = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(fc.property(time, time, fc.double({ min: 0.01, max: 100, noNaN: true }), time, (from, to, factor, at) => {
    for (const range of [fitted({ fromMs: from, toMs: to }, whole), zoomed(fitted({ fromMs: from, toMs: to }, whole), at, factor, whole), moved(fitted({ fromMs: from, toMs: to }, whole), factor, whole)]) {
      expect(range.fromMs).toBeGreaterThanOrEqual(whole.fromMs - 1e-6);
      expect(range.toMs).toBeLessThanOrEqual(whole.toMs + 1e-6);
      expect(range.toMs - range.fromMs).toBeGreaterThanOrEqual(218 - 1e-6);
    }
  }));
});

test('what is zoomed about stays where it is', () => {
  expect(zoomed({ fromMs: 10_000, toMs: 20_000 }, 12_000, 0.5, whole)).toEqual({ fromMs: 11_000, toMs: 16_000 });
});

test('a part of the axis is read as it was written; anything else is none', () => {
  expect(formatRange({ fromMs: 18_200, toMs: 22_125 })).toBe('18.2-22.125');
  expect(parseRange('18.2-22.125', whole)).toEqual({ fromMs: 18_200, toMs: 22_125 });
  for (const text of ['', 'x', '22-18', '1-2', '30-40', '-1-5', '1e3-2e3', '18.2-22.1<b>', 'Infinity-NaN']) expect(parseRange(text, whole), text).toBeNull();
});

test('ticks are round, inside, and few', () => {
  expect(roundTicks(whole, 6)).toEqual([10, 15, 20, 25]);
  expect(roundTicks({ fromMs: 18_200, toMs: 18_420 }, 6)).toEqual([18.2, 18.25, 18.3, 18.35, 18.4]);
  expect(roundTicks({ fromMs: 0, toMs: 3_600_000 }, 6)).toEqual([0, 500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500]);
});

test('any target and any settings survive the address', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ minLength: 1, unit: 'grapheme' }), { maxKeys: 4 }), (target, settings) => {
    const values = new Map(Object.entries(settings));
    const fragment = formatFragment(target, values);
    expect(fragment).not.toMatch(/[<>"'`\s]/);
    expect(parseFragment(fragment)).toEqual({ target, settings: values.size === 0 ? null : values });
  }));
});

test('an address that is broken is read as text', () => {
  expect(parseFragment('#%E0%A4%A')).toEqual({ target: '%E0%A4%A', settings: null });
  expect(parseFragment('#message-0:912')).toEqual({ target: 'message-0:912', settings: null });
  expect(formatFragment('message-0:912', new Map([['a.b', '']]))).toBe('#message-0:912');
});

test('partitions, times and words match what they name and nothing else', () => {
  expect(['3', '3-7', '4-7', 'unknown', ''].map((wanted) => isPartition('3', wanted))).toEqual([true, true, false, false, true]);
  expect(['3', 'unknown', ''].map((wanted) => isPartition(undefined, wanted))).toEqual([false, true, true]);
  expect(['31-31.5', '31.2-31.5', '31.5-32', ''].map((wanted) => isSentWithin('31200', wanted))).toEqual([true, true, false, true]);
  expect([isSentWithin(undefined, '1-2'), isSentWithin(undefined, '')]).toEqual([false, true]);
  expect(wordsOf('lost|erased')).toEqual(['lost', 'erased']);
  expect([hasText('kafka/acks-all: Upheld', 'upheld ACKS'), hasText('kafka', 'rabbit'), hasText('kafka', '')]).toEqual([true, false, true]);
});
