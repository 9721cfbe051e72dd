import { expect, test } from 'vitest';
import { nodeOrder } from './node-order.ts';

const endpoints = ['a', 'b', 'c'].map((node, index) => ({ node, host: 'localhost', port: 20_000 + index }));
const order = (...[connectTo, leader, index]: [Parameters<typeof nodeOrder>[1], string | null, number]) =>
  nodeOrder(endpoints, connectTo, leader, index).map(({ node }) => node).join('');

test('home begins with the leader and other ends with it', () => {
  expect(order('home', 'b', 0)).toBe('bac');
  expect(order('other', 'b', 0)).toBe('acb');
});

test('clients of different index begin with different nodes', () => {
  expect([0, 1, 2, 3].map((index) => order('any', 'a', index))).toEqual(['abc', 'bca', 'cab', 'abc']);
  expect([0, 1, 2].map((index) => order('other', 'a', index))).toEqual(['bca', 'cba', 'bca']);
});

test('without a known leader every node is as good', () => {
  expect(order('other', null, 1)).toBe('bca');
});
