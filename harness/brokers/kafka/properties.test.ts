import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeKey, escapeValue, parseProperties } from './properties.ts';

const parsed = (text: string) => Object.fromEntries(parseProperties(text));

test('comments, blanks and indentation are not settings', () => {
  expect(parsed('# a\n! b\n\n   \n  num.io.threads=4\n')).toEqual({ 'num.io.threads': '4' });
});

test.each([
  ['a=b', 'b'], ['a: b', 'b'], ['a b', 'b'], ['a  =  b c ', 'b c '], ['a', ''], ['a=', ''], ['a==b', '=b'],
])('%s separates key and value as Java does', (line, value) => {
  expect(parsed(line)).toEqual({ a: value });
});

test('a backslash at the end continues the line, two do not', () => {
  expect(parsed('listeners=A://:1,\\\n   B://:2\npath=c:\\\\\nnext=1')).toEqual({ listeners: 'A://:1,B://:2', path: 'c:\\', next: '1' });
});

test('escapes and Unicode are decoded, and escaped separators belong to the key', () => {
  expect(parsed('a\\=b\\:c\\ d = tab\\tnl\\nu\\u00e9 \\q')).toEqual({ 'a=b:c d': 'tab\tnl\nué q' });
});

test('the last of repeated keys wins', () => {
  expect(parsed('a=1\r\na=2')).toEqual({ a: '2' });
});

test('what is escaped reads back as it was', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\u0000'));
  const key = text.filter((value) => value !== '' && !/^[#!]|^\s/.test(value));
  fc.assert(fc.property(key, text, (name, value) => {
    expect(parsed(`${escapeKey(name)}=${escapeValue(value)}`)).toEqual({ [name]: value });
  }));
});
