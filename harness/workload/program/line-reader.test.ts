// Lines arrive whole however the stream was cut, and none is longer than the limit.
import { expect, test } from 'vitest';
import { LineReader } from './line-reader.ts';

function reading(maxBytes = 100) {
  const lines: string[] = [];
  const tooLong: string[] = [];
  return { reader: new LineReader({ maxBytes, onLine: (line) => lines.push(line), onTooLong: (begin) => tooLong.push(begin) }), lines, tooLong };
}

test.each([1, 2, 3, 7, 100])('pieces of %i bytes give the same lines, characters of several bytes included', (size) => {
  const { reader, lines } = reading();
  const bytes = Buffer.from('{"a":"é😀"}\r\n\n{"b":2}\nlast');
  for (let from = 0; from < bytes.length; from += size) reader.push(bytes.subarray(from, from + size));
  expect(lines).toEqual(['{"a":"é😀"}', '{"b":2}']);
  reader.end();
  expect(lines.at(-1)).toBe('last');
});

test('a line beyond the limit is told once, and nothing is read after it', () => {
  const { reader, lines, tooLong } = reading(10);
  reader.push(Buffer.from('short\n12345678'));
  reader.push(Buffer.from('901234\nmore\n'));
  reader.push(Buffer.from('and more\n'));
  reader.end();
  expect([lines, tooLong]).toEqual([['short'], ['12345678901234']]);
});

test('a line as long as the limit is a line', () => {
  const { reader, lines, tooLong } = reading(5);
  reader.push(Buffer.from('12345\n'));
  expect([lines, tooLong]).toEqual([['12345'], []]);
});
