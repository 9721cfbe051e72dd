// Windows of logs around faults: which lines are in them, in which order they are let go, and what is never shown.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { FaultFact, LeaderChange } from '../model/facts.ts';
import { sampleFault } from '../../reports/testing/sample-facts.ts';
import { faultLogsOf } from './fault-logs.ts';
import { mostTelling, shortened, stampOf } from './log-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'leaderfall-fault-logs-'));
mkdirSync(join(folder, 'logs'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const originMs = Date.parse('2026-11-29T04:21:33.074Z');
const at = (ms: number): string => new Date(originMs + ms).toISOString();
const kafkaLine = (ms: number, words: string): string => `[${at(ms).replace('T', ' ').replace('.', ',').replace('Z', '')}] ${words}`;
const rabbitLine = (ms: number, words: string): string => `${at(ms + 9).replace('Z', '123456Z')} ${at(ms).replace('T', ' ').replace('Z', '000+00:00')} ${words}`;
const write = (node: string, lines: readonly string[]): void => writeFileSync(join(folder, 'logs', `${node}.log`), `${lines.join('\n')}\n`);
const kill = (over: Partial<FaultFact>): FaultFact => sampleFault({ id: 'kill', fault: 'kill', strikes: 'node', beginMs: 14_500, struckMs: 14_629, ...over });
const moved: LeaderChange = { timeMs: 17_176, partition: 0, from: 'kafka-1', to: 'kafka-2' };

test.each([
  ['[2026-11-29 04:21:47,256] INFO x', '2026-11-29T04:21:47.256Z', '[2026-11-29 04:21:47,256] INFO x'],
  ['2026-11-29 05:49:38.116283+01:00 [notice] x', '2026-11-29T04:49:38.116Z', '2026-11-29 05:49:38.116283+01:00 [notice] x'],
  ['2026-11-29T04:49:39.900000001Z 2026-11-29 04:49:38.116283+00:00 [notice] x', '2026-11-29T04:49:38.116Z', '2026-11-29 04:49:38.116283+00:00 [notice] x'],
  ['2026-11-29T04:49:39.912345678Z Starting broker', '2026-11-29T04:49:39.912Z', 'Starting broker'],
])('%s: its own time, without the stamp of the engine', (line, time, text) => {
  expect(stampOf(line)).toEqual({ wallMs: Date.parse(time), text });
});

test.each(['\tat kafka.server.Thing', 'java.io.IOException: gone', '2026-11-29T04:49:39.900000001Z     at a stack', 'listening as process 32182'])('"%s" goes on with the line before', (line) => {
  expect(stampOf(line)).toBeNull();
});

test('of the struck node and of the next leader, from 5 s before its beginning to 10 s after the strike, with stack traces in their place', async () => {
  write('kafka-1', [kafkaLine(9_000, 'INFO long before'), kafkaLine(14_000, 'WARN shortly before'), '\tat a.stack', kafkaLine(30_000, 'INFO back'), '\tat another.stack']);
  write('kafka-2', [kafkaLine(17_170, 'INFO becomes leader'), kafkaLine(24_700, 'INFO long after')]);
  const [log] = await faultLogsOf(folder, { faults: [kill({ nodes: ['kafka-1'] })], leaderChanges: [moved, { ...moved, timeMs: 60_000, to: 'kafka-3' }] }, originMs);
  expect(log).toEqual({ fault: 'kill', fromMs: 9_500, toMs: 24_629, nodes: [
    { node: 'kafka-1', lines: [{ timeMs: 14_000, text: `${kafkaLine(14_000, 'WARN shortly before')}\n\tat a.stack` }], leftOut: 0, missing: null },
    { node: 'kafka-2', lines: [{ timeMs: 17_170, text: kafkaLine(17_170, 'INFO becomes leader') }], leftOut: 0, missing: null },
  ] });
});

test('a leader that came while the fault was still being injected is the next leader too', async () => {
  write('rabbitmq-2', [rabbitLine(14_540, '[notice] candidate -> leader in term: 2')]);
  const [log] = await faultLogsOf(folder, { faults: [kill({ nodes: ['rabbitmq-9'] })], leaderChanges: [{ timeMs: 14_510, partition: 0, from: 'rabbitmq-9', to: null }, { timeMs: 14_530, partition: 0, from: null, to: 'rabbitmq-2' }] }, originMs);
  expect(log!.nodes.map(({ node, lines }) => [node, lines.length])).toEqual([['rabbitmq-9', 0], ['rabbitmq-2', 1]]);
});

test('RabbitMQ’s own time places a line that waited in the engine’s pipe', async () => {
  write('rabbitmq-1', [rabbitLine(14_700, '[error] <0.1.0> down')]);
  const [log] = await faultLogsOf(folder, { faults: [kill({ nodes: ['rabbitmq-1'] })], leaderChanges: [] }, originMs);
  expect(log!.nodes[0]!.lines.map(({ timeMs }) => timeMs)).toEqual([14_700]);
});

test('what cannot be shown says why: no file, no times, nothing then; a fault on a client has no nodes', async () => {
  write('memory-1', ['listening as process 32182']);
  write('kafka-1', [kafkaLine(1_000, 'INFO early')]);
  const faults = [kill({ nodes: ['gone', 'memory-1', 'kafka-1'] }), kill({ id: 'client', strikes: 'client', nodes: ['producer-0'] })];
  const [log, client] = await faultLogsOf(folder, { faults, leaderChanges: [] }, originMs);
  expect(log!.nodes.map(({ missing }) => missing)).toEqual(['no log of it was kept', 'no line of its log has a time', 'its log has no line of that time']);
  expect(client!.nodes).toEqual([]);
});

test('where there are too many, complaints stay first, then what is about leaders; repetitions go first, and the rest is counted', async () => {
  const noise = Array.from({ length: 300 }, (_, index) => kafkaLine(14_629 + index, `INFO loaded segment of ${'abcdefghij'.charAt(index % 10)}${String.fromCodePoint(97 + (index % 26))}`));
  const away = Array.from({ length: 60 }, (_, index) => kafkaLine(15_000 + index * 100, `WARN Connection to node 1 could not be established (${index})`));
  write('kafka-1', [kafkaLine(10_000, 'ERROR the only one'), ...noise, ...away, kafkaLine(24_000, 'INFO starts at leader epoch 1 from offset 1080, ISR [2,3]')].toSorted());
  const [log] = await faultLogsOf(folder, { faults: [kill({ nodes: ['kafka-1'] })], leaderChanges: [] }, originMs);
  const { lines, leftOut } = log!.nodes[0]!;
  const texts = lines.map(({ text }) => text);
  expect([lines.length, leftOut]).toEqual([40, 362 - 40]);
  expect(texts[0]).toContain('ERROR the only one');
  expect(texts.at(-1)).toContain('leader epoch 1');
  expect(texts.filter((text) => text.includes('Connection to node'))).toHaveLength(3);
  expect(lines.map(({ timeMs }) => timeMs)).toEqual(lines.map(({ timeMs }) => timeMs).toSorted((a, b) => a - b));
  expect(mostTelling(lines, 40, 0)).toBe(lines);
});

test('our own topics and clients are called after us, and are not about leaders', () => {
  const lines = ['INFO leaderfall-consumer-0 joins', 'INFO new leader is 2', 'INFO leaderfall-producer-0 leaves'].map((text, timeMs) => ({ timeMs, text }));
  expect(mostTelling(lines, 1, 0).map(({ text }) => text)).toEqual(['INFO new leader is 2']);
});

test('secrets are hidden, long lines and long entries are cut', () => {
  expect(shortened(`INFO ${'x'.repeat(310)} password=hunter2-password`)).not.toContain('hunter2');
  expect(shortened('config:\n\tssl.keystore.password = hunter2 with spaces\n\ta\n\tb\n\tc\n\td\n\te')).toBe('config:\n\tssl.keystore.password = ‹redacted›\n\ta\n\tb\n\tc\n… 2 more lines');
  expect(shortened('y'.repeat(1_000)).length).toBeLessThan(330);
});
