// What docs/data.md promises: the numbers of run.json come out of messages.arrow again, counted by tools that know nothing of Leaderfall.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { columnNames } from '../../harness/history/arrow-format.ts';
import { eventKinds } from '../../harness/model/event.ts';
import { Place } from '../../harness/run/testing/program.ts';
import { recorded, recount, setUpTools, tools } from './recount.ts';

const place = new Place();
afterAll(() => place[Symbol.dispose]());
const scenarios = ['memory/answer-on-accept/crash', 'memory/answer-after-processing/crash', 'memory/settle-after/consumer-crash-loop'] as const;
let missing: string | null;

beforeAll(async () => {
  missing = await setUpTools();
  const { code, stderr } = await place.start(['run', ...scenarios, '--seed', 'data', '--out', place.out]);
  expect(code, stderr).toBe(0);
}, 500_000);

for (const [tool, scenario] of tools.flatMap((each) => scenarios.map((name) => [each, name] as const))) test(`${tool} counts what run.json of ${scenario} says`, async ({ skip }) => {
  if (missing !== null) skip(missing);
  const folder = place.runFolders.find((each) => each.endsWith(scenario.replaceAll('/', '-')))!;
  const numbers = recorded(folder);
  expect(await recount(tool, folder)).toMatchObject(numbers);
  expect(numbers['baseCount']).toBeGreaterThan(100);
}, 90_000);

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
