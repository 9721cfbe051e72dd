import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readEngineStream } from './engine-stream.ts';

async function collect(stream: NodeJS.ReadableStream): Promise<string[]> {
  const seen: string[] = [];
  for await (const { stream: text = '' } of readEngineStream(stream)) seen.push(text);
  return seen;
}

test('messages are read whole, however the bytes are cut', async () => {
  const stream = new PassThrough();
  for (const byte of Buffer.from('{"stream":"Step 1 é"}\r\n{"stream":"two"}\n')) stream.write(Buffer.of(byte));
  stream.end();
  expect(await collect(stream)).toEqual(['Step 1 é', 'two']);
});

test('a failure that the engine reports is thrown in its own words', async () => {
  const stream = new PassThrough();
  stream.end('{"stream":"Step 1"}\n{"errorDetail":{},"error":"returned a non-zero code: 100"}\n');
  await expect(collect(stream)).rejects.toThrow('returned a non-zero code: 100');
});

test('a connection that breaks is not taken for the end', async () => {
  const stream = new PassThrough();
  stream.write('{"stream":"Step 1"}\n');
  setTimeout(() => stream.destroy(new Error('engine went away')), 20);
  await expect(collect(stream)).rejects.toThrow('engine went away');
});
