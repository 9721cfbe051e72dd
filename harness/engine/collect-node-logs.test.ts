// Logs as files: secrets never reach the disk, and a log that cannot be read costs no other.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Node } from '../model/cluster.ts';
import { collectNodeLogs } from './collect-node-logs.ts';

const { signal } = new AbortController();
let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'leaderfall-logs-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const printing = (id: string, log: Node['log']) => ({ id, log });
const saying = (id: string, ...chunks: readonly string[]) => printing(id, async () => Readable.from(chunks.map((chunk) => Buffer.from(chunk))));
const textOf = (id: string): string => readFileSync(join(folder, `${id}.log`), 'utf8');
const collect = (nodes: Parameters<typeof collectNodeLogs>[0], within = signal) => collectNodeLogs(nodes, folder, { stamped: false, signal: within });

test('each node has a file of its own, with every byte of its log', async () => {
  const log = ['[2026] started\nand ', 'goes on ✓\n', 'without an end'];
  expect(await collect([saying('kafka-1', ...log), saying('kafka-2')])).toEqual({ files: ['kafka-1.log', 'kafka-2.log'], incomplete: [] });
  expect([textOf('kafka-1'), textOf('kafka-2')]).toEqual([log.join(''), '']);
});

test('a node whose log cannot be read is named with the reason, and the others are kept', async () => {
  const gone = printing('kafka-2', async () => { throw new Error('no such container'); });
  const torn = printing('kafka-3', async () => Readable.from((async function* () {
    yield Buffer.from('the beginning\n');
    throw new Error('the connection was lost');
  })()));
  const { files, incomplete } = await collect([saying('kafka-1', 'one\n'), gone, torn]);
  expect(incomplete.toSorted((a, b) => (a.node < b.node ? -1 : 1))).toEqual([{ node: 'kafka-2', reason: expect.stringContaining('no such container') }, { node: 'kafka-3', reason: expect.stringContaining('the connection was lost') }]);
  expect(files).toEqual(readdirSync(folder).filter((file) => readFileSync(join(folder, file)).length > 0).toSorted());
  expect([textOf('kafka-1'), files.includes('kafka-2.log')]).toEqual(['one\n', false]);
});

test('a node that does not answer, or whose log does not end, takes no more than the time there is', async () => {
  const silent = printing('kafka-2', () => new Promise(() => {}));
  const endless = printing('kafka-3', async () => new Readable({ read: () => {} }));
  const { files, incomplete } = await collect([saying('kafka-1', 'one\n'), silent, endless], AbortSignal.timeout(500));
  expect(files).toEqual(['kafka-1.log']);
  expect(incomplete.map(({ reason }) => reason)).toEqual(['there was no more time', 'there was no more time']);
});

test('secrets are hidden however the stream was cut: in a line, over several lines, and at the end', async () => {
  const text = 'started\nsasl.jaas.config=Plain \\\n  username=me \\\n  hunter2;\nplain\n-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\npassword=hunter2';
  const kept: string[] = [];
  for (const size of [1, 7, 1_000]) {
    const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g'))!;
    await collect([saying('kafka-1', ...chunks)]);
    kept.push(textOf('kafka-1'));
  }
  expect(kept[0]).toMatch(/^started\nsasl\.jaas\.config=\S+\nplain\n\S+\npassword=\S+$/);
  expect([kept[0]!.includes('hunter2'), kept[1], kept[2]]).toEqual([false, kept[0], kept[0]]);
});

test('what only looks like the begin of a secret does not pile up', async () => {
  const lines = Array.from({ length: 40_000 }, (_, index) => `line ${index} of what is no key, long enough to be too much to hold\n`);
  await collect([saying('kafka-1', '-----BEGIN ', ...lines)]);
  expect(textOf('kafka-1')).toBe(`-----BEGIN ${lines.join('')}`);
});
