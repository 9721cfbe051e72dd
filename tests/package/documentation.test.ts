// The files that docs/vitest.md shows are the examples that run as tests, to the letter.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../docs/vitest.md', import.meta.url), 'utf8');
const shown = [...page.matchAll(/<!-- file: (\S+) -->\n```ts\n([\s\S]*?)\n```/g)].map(([, path, text]) => ({ path: path!, text: text! }));

test('every example is on the page', () => {
  const examples = readdirSync(new URL('../../examples/vitest/', import.meta.url)).map((name) => `examples/vitest/${name}`);
  expect(shown.map(({ path }) => path).sort()).toEqual(examples.sort());
});

test.each(shown)('$path stands there as it is', ({ path, text }) => {
  expect(text).toBe(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').trimEnd());
});
