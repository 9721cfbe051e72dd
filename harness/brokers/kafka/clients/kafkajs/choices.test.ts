import { Partitioners, type Message } from 'kafkajs';
import { expect, test } from 'vitest';
import { Choices } from './choices.ts';

const partitionMetadata = [0, 1, 2].map((partitionId) => ({ partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] }));
const asked = (message: Message) => ({ topic: 'orders', partitionMetadata, message });

test('a message with a key keeps its partition however often the library asks', () => {
  const choices = new Choices(Partitioners.DefaultPartitioner);
  const choose = choices.createPartitioner();
  const message: Message = { key: 'a', value: 'x' };
  const chosen = [1, 2, 3].map(() => choose(asked(message)));
  expect(new Set(chosen).size).toBe(1);
  expect(choices.of(message)).toBe(chosen[0]);
  expect(choices.wavered(message)).toBe(false);
});

test('a message without a key gets another partition at each try, and is known to have wavered', () => {
  const choices = new Choices(Partitioners.DefaultPartitioner);
  const choose = choices.createPartitioner();
  const message: Message = { value: 'x' };
  const first = choose(asked(message));
  expect(choices.of(message)).toBe(first);
  expect(choose(asked(message))).not.toBe(first);
  expect(choices.wavered(message)).toBe(true);
  expect(choices.of(message)).toBeNull();
});

test('what was never asked about is neither known nor wavering', () => {
  const choices = new Choices(Partitioners.DefaultPartitioner);
  expect(choices.of({ value: 'x' })).toBeNull();
  expect(choices.wavered({ value: 'x' })).toBe(false);
});
