// Rooms right of the history, and the plans left of it, take time and randomness as parameters: the same input gives the same output, next year too.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rooms = ['harness/checkers', 'harness/verdict', 'harness/scenario', 'harness/model', 'reports'] as const;
/** The real clock and the one way to wait live in the model. */
const mayTellTime: ReadonlySet<string> = new Set(['harness/model/clock.ts', 'harness/model/wait.ts']);

const ambient: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['Math.random', /\bMath\s*\.\s*random\b/],
  ['crypto randomness', /\brandom(Bytes|UUID|Int|FillSync)\b|\bgetRandomValues\b/],
  ['the wall clock', /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(\(\s*\)|(?!\s*\())|(?<!new\s+|\w\.)\bDate\s*\(/],
  ['the monotonic clock', /\bperformance\s*\.\s*now\b|\bhrtime\b/],
  ['timers', /\bset(Timeout|Interval|Immediate)\b|\bnode:timers/],
];

const withoutComments = (source: string): string => source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"`\\])\/\/.*$/gm, '$1');
const ambientIn = (source: string): readonly string[] => ambient.filter(([, pattern]) => pattern.test(withoutComments(source))).map(([what]) => what);

function sourcesOf(room: string): readonly string[] {
  return readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('/testing/') && !path.startsWith('reports/runs/') && !mayTellTime.has(path));
}

test.each(rooms)('%s reads no clock, throws no dice and sets no timer', (room) => {
  const sources = sourcesOf(room);
  expect(sources.length).toBeGreaterThan(5);
  expect(sources.flatMap((path) => ambientIn(readFileSync(join(root, path), 'utf8')).map((what) => `${path}: ${what}`))).toEqual([]);
});

test.each([
  ['const dice = Math.random();', ['Math.random']],
  ['const id = randomBytes(4);', ['crypto randomness']],
  ['const t = Date.now();', ['the wall clock']],
  ['const t = new Date();', ['the wall clock']],
  ['const t = new Date;', ['the wall clock']],
  ['const t = Date();', ['the wall clock']],
  ['const t = performance.now(), u = process.hrtime.bigint();', ['the monotonic clock']],
  ['setTimeout(() => {}, 1);', ['timers']],
  ["import { setTimeout as delay } from 'node:timers/promises';", ['timers']],
  ['const t = new Date(record.startedAt);', []],
  ['/** Not Date.now(). */ // nor Math.random()\nconst updated = formatDate(x);', []],
])('the search finds what it is for, and nothing else: %s', (source, found) => {
  expect(ambientIn(source)).toEqual(found);
});
