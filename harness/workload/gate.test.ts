import { expect, test } from 'vitest';
import { Gate } from './gate.ts';

test('a closed gate holds, opening lets all pass, and closing holds those who come later', async () => {
  const gate = new Gate();
  const passed: string[] = [];
  const first = gate.passed().then(() => passed.push('first'));
  const second = gate.passed().then(() => passed.push('second'));
  await Promise.resolve();
  expect([gate.isOpen, passed]).toEqual([false, []]);
  gate.open();
  await Promise.all([first, second, gate.passed()]);
  expect(passed).toEqual(['first', 'second']);
  gate.close();
  void gate.passed().then(() => passed.push('late'));
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(passed).toEqual(['first', 'second']);
});
