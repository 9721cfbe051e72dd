import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneLine, plainText, truncate } from './plain-text.ts';

test('nothing that a terminal or a parser acts on is left in any text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const plain = plainText(text);
    expect(plain).not.toMatch(/(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u);
    expect(plain.isWellFormed()).toBe(true);
  }));
});

test('colour codes disappear, other control characters show', () => {
  expect(plainText('\u001b[31mred\u001b[0m\u0007\u202etxt')).toBe('red\ufffd\ufffdtxt');
});

test('ordinary text, tabs and line ends stay', () => {
  expect(plainText('Größe 1 ≤ 2\tünïcode 消息\r\nnext\rlast')).toBe('Größe 1 ≤ 2\tünïcode 消息\nnext\nlast');
  expect(oneLine(' a\n b\t c ')).toBe('a b c');
});

test('a cut never splits a character and shows itself', () => {
  expect(truncate('💥💥💥💥', 3)).toBe('💥💥…');
  expect(truncate('four', 4)).toBe('four');
});
