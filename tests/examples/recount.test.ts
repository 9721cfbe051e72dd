// What docs/data.md promises: the numbers of run.json come out of messages.arrow again, counted by tools that know nothing of Leaderfall.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnNames } from '../../harness/history/arrow-format.ts';
import { check } from '../../harness/checkers/check.ts';
import { planOf } from '../../harness/checkers/testing/plan.ts';
import { openHistory } from '../../harness/history/open-history.ts';
import { sealHistory } from '../../harness/history/seal.ts';
import { runFiles } from '../../harness/history/segment-format.ts';
import { SegmentWriter } from '../../harness/history/segment-writer.ts';
import { TimelineWriter } from '../../harness/history/timeline-writer.ts';
import { eventKinds, noOffset } from '../../harness/model/event.ts';
import type { Facts } from '../../harness/model/facts.ts';
import { Place } from '../../harness/run/testing/program.ts';
import { disagreements } from '../../reports/testing/told-numbers.ts';
import { numbersOf, recorded, recount, setUpTools, tools } from './recount.ts';

const place = new Place();
afterAll(() => place[Symbol.dispose]());
const scenarios = ['memory/answer-on-accept/crash', 'memory/answer-after-processing/crash', 'memory/settle-after/consumer-crash-loop'] as const;
let missing: string | null;
let runFolders: readonly string[];
const folderOf = (scenario: string): string => runFolders.find((each) => each.endsWith(scenario.replaceAll('/', '-')))!;

beforeAll(async () => {
  missing = await setUpTools();
  const { code, stderr } = await place.start(['run', ...scenarios, '--seed', 'data', '--out', place.out]);
  expect(code, stderr).toBe(0);
  runFolders = place.runFolders;
}, 500_000);

for (const [tool, scenario] of tools.flatMap((each) => scenarios.map((name) => [each, name] as const))) test(`${tool} counts what run.json of ${scenario} says`, async ({ skip }) => {
  if (missing !== null) skip(missing);
  const folder = folderOf(scenario);
  const numbers = recorded(folder);
  expect(await recount(tool, folder)).toMatchObject(numbers);
  expect(numbers['baseCount']).toBeGreaterThan(100);
}, 90_000);

describe('every format of a run tells the numbers of its run.json', () => {
  test.each(scenarios)('%s', (scenario) => {
    expect(disagreements(folderOf(scenario))).toEqual([]);
  });

  test('a run that its contract does not uphold, whose numbers JUnit has as well', async () => {
    const out = join(place.folder, 'strict');
    const contract = place.write('strict.yaml', 'lost: forbidden\nstuck: forbidden\n');
    const { code, stderr } = await place.start(['report', folderOf(scenarios[0]), '--contract', contract, '--out', out]);
    expect(code, stderr).toBe(1);
    expect(disagreements(out)).toEqual([]);
    expect(readFileSync(join(out, 'junit.xml'), 'utf8')).toContain('<failure');
  }, 60_000);

  test.each([['report.html', /(<data value=")(\d+)(">)/g], ['summary.md', /( acknowledged \| )([\d,]+)()/], ['junit.xml', /(lost: )([\d,]+)()/], ['metrics.txt', /(state="lost"\} )(\d+)()/]])('a wrong number in %s is noticed', (file, number) => {
    const folder = join(place.folder, `wrong-${file}`);
    cpSync(join(place.folder, 'strict'), folder, { recursive: true });
    const text = readFileSync(join(folder, file), 'utf8');
    const wrong = text.replace(number, (_, before: string, __: string, after: string) => `${before}7654321${after}`);
    expect(wrong).not.toBe(text);
    writeFileSync(join(folder, file), wrong);
    expect(disagreements(folder).join()).toContain(`${file} says`);
  });
});

/** A log of three partitions in which one message of each kind went wrong; two were reordered, and one whose resend came late. */
async function plantedLog(folder: string): Promise<Facts> {
  const files = runFiles(folder);
  let now = 0;
  const clock = { nowNs: () => now += 1_000 };
  const writer = (name: string, role: 'producer' | 'consumer' | 'audit') => new SegmentWriter(files.segments, { name, role, index: 0 }, clock, 0);
  mkdirSync(folder);
  writeFileSync(files.plan, JSON.stringify(planOf({ destination: { partitions: 3, settings: {} } })));
  const ids = Array.from({ length: 300 }, (_, sequence) => sequence);
  const [returned, erased, redelivered, late, later, resent, copied] = [7, 20, 33, 45, 48, 61, 70] as const;
  const offsetOf = (sequence: number): number => Math.floor(sequence / 3) + ([late, later, resent].some((one) => one === sequence) ? 500 : 0);
  const about = (sequence: number) => ({ producer: 0, sequence, attempt: 1, partition: sequence % 3, offset: offsetOf(sequence) });
  const producer = writer('producer-0', 'producer');
  producer.append(eventKinds.reserved, { producer: 0, sequence: 0, offset: 300 });
  for (const sequence of ids) {
    producer.append(eventKinds.sent, { ...about(sequence), offset: noOffset });
    if (sequence === resent) producer.append(eventKinds.indeterminate, about(sequence));
    if (sequence === resent) producer.append(eventKinds.sent, { ...about(sequence), attempt: 2, offset: noOffset });
    if (sequence === returned) producer.append(eventKinds.returned, about(sequence));
    producer.append(eventKinds.acknowledged, about(sequence));
  }
  const consumer = writer('consumer-0', 'consumer');
  for (const sequence of ids) for (const kind of [eventKinds.delivered, eventKinds.processed, eventKinds.settled]) consumer.append(kind, about(sequence));
  consumer.append(eventKinds.delivered, about(redelivered));
  const audit = writer('audit', 'audit');
  for (const sequence of ids) if (sequence !== erased) audit.append(eventKinds.stored, about(sequence));
  audit.append(eventKinds.stored, { ...about(copied), offset: 900 });
  for (const each of [producer, consumer, audit]) each.close();
  using timeline = new TimelineWriter(folder, clock);
  timeline.append({ type: 'drain', conclusive: true, detail: 'drained' });
  timeline.append({ type: 'audit', conclusive: true, detail: 'read', records: 300, positions: { partitions: [0, 1, 2].map((partition) => ({ partition, committed: 1_000, start: 0, end: 1_000 })) } });
  timeline.append({ type: 'phase', phase: 'teardown', edge: 'end', ok: true });
  sealHistory(folder, 'log', ['producer-0', 'consumer-0', 'audit']);
  return await check(await openHistory(folder, () => 'log'));
}

test('each tool finds what was planted in a log: erased, reordered, redelivered, unroutable, stored again', async ({ skip }) => {
  if (missing !== null) skip(missing);
  const folder = join(place.folder, 'planted');
  const numbers = numbersOf(await plantedLog(folder));
  expect(numbers).toMatchObject({ erased: 1, redelivered: 1, unroutable: 1, copies: 1, storedRecords: 300 });
  // Those that were sent after one that came late, to its partition.
  expect(numbers['reordered']).toBe(83 + 79);
  for (const tool of tools) expect(await recount(tool, folder), tool).toMatchObject(numbers);
}, 180_000);

const page = readFileSync(new URL('../../docs/data.md', import.meta.url), 'utf8');

test('docs/data.md has every column and every kind of event', () => {
  for (const name of columnNames) expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\|`, 'm'));
  for (const [name, kind] of Object.entries(eventKinds)) expect(page).toMatch(new RegExp(`^\\| ${kind} \\| \`${name}\` \\|`, 'm'));
});

test('the files that docs/data.md shows are the examples that are run, to the letter', () => {
  const shown = [...page.matchAll(/<!-- file: (\S+) -->\n```\w+\n([\s\S]*?)\n```/g)].map(([, path, text]) => ({ path: path!, text: text! }));
  expect(shown.map(({ path }) => path)).toEqual(['examples/data/history.py', 'examples/data/recount.sql', 'examples/data/recount_duckdb.py', 'examples/data/recount_pandas.py', 'examples/data/recount_polars.py']);
  for (const { path, text } of shown) expect(text).toBe(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').trimEnd());
  expect(readdirSync(new URL('../../examples/data', import.meta.url)).filter((name) => name.startsWith('recount'))).toHaveLength(4);
});
