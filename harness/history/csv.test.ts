import { expect, test } from 'vitest';
import type { EventBatch } from '../model/history.ts';
import { csvOf } from './csv.ts';

const batch = (length: number, first: number): EventBatch => {
  const numbers = Array.from({ length }, (_, row) => first + row);
  const small = new Uint8Array(length).fill(4);
  return { length, kind: small, timeNs: Float64Array.from(numbers, (each) => each * 1.5), producer: new Uint16Array(length), sequence: Uint32Array.from(numbers), attempt: small, partition: new Uint16Array(length).fill(65_535), offset: new Uint32Array(length).fill(4_294_967_295), actor: small, code: small };
};

async function piecesOf(...batches: readonly EventBatch[]): Promise<readonly string[]> {
  const pieces: string[] = [];
  for await (const piece of csvOf(batches)) pieces.push(piece);
  return pieces;
}

test('a line with the columns’ names, then one for each event, with its numbers as they are', async () => {
  expect((await piecesOf(batch(2, 3))).join('')).toBe('timeNs,sequence,offset,producer,partition,kind,attempt,actor,code\n4.5,3,4294967295,0,65535,4,4,4,4\n6,4,4294967295,0,65535,4,4,4,4\n');
});

test('no piece holds more than ten thousand events, and none is lost between pieces and batches', async () => {
  const pieces = await piecesOf(batch(25_000, 0), batch(1, 25_000));
  expect(pieces.map((piece) => piece.split('\n').length - 1)).toEqual([1, 10_000, 10_000, 5_000, 1]);
  expect(pieces.slice(1).join('').trimEnd().split('\n').map((line) => Number(line.split(',')[1]))).toEqual(Array.from({ length: 25_001 }, (_, row) => row));
});

test('a history without events is its head', async () => {
  expect(await piecesOf()).toHaveLength(1);
});
