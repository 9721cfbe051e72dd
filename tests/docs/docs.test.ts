// What the pages show is so: commands are carried out on recorded runs, or planned; scenarios are loaded; snippets are compiled.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { commandTable } from '../../harness/cli/command-table.ts';
import type { OptionEntry } from '../../harness/cli/command-table.ts';
import { firstScenarios } from '../../harness/cli/init/scenarios.ts';
import { main } from '../../harness/cli/main.ts';
import { createProgram } from '../../harness/cli/program.ts';
import { faultDeclarations, faultFamilies } from '../../harness/model/fault-parameters.ts';
import { faultNames } from '../../harness/model/scenario.ts';
import { Place } from '../../harness/run/testing/program.ts';
import { suites } from '../../suites/index.ts';
import { pageOf, pages, root, type Block, type Page } from './blocks.ts';
import { fragments, onlyRead, others, standingKinds } from './known.ts';
import { callsOf, linesOf, placeShims, type Call } from './shell.ts';

const all = pages();
const recording = new Place();
const here = process.cwd();
const engine = process.env['DOCKER_HOST'];
let suite: string;
let run: string;

beforeAll(async () => {
  const { code, stderr } = await recording.start(['run', 'memory/answer-on-accept/crash', '--seed', 'docs', '--out', recording.out, '--history', 'history.jsonl']);
  expect(code, stderr).toBe(0);
  suite = recording.suiteFolder;
  run = recording.runFolders.find((folder) => folder.endsWith('on-accept-crash'))!;
  // What a machine has is not for these tests to say: list and doctor look, and find no engine.
  process.env['DOCKER_HOST'] = `unix://${recording.folder}/none.sock`;
}, 120_000);

afterEach(() => process.chdir(here));
afterAll(() => {
  if (engine === undefined) delete process.env['DOCKER_HOST'];
  else process.env['DOCKER_HOST'] = engine;
  recording[Symbol.dispose]();
});

/** A reader's folder: what pages speak of as theirs, and every file that the page itself shows under a name. */
class Reader extends Place {
  constructor({ blocks }: Page) {
    super();
    for (const name of ['orders.yaml', 'my-scenario.yaml']) this.write(name, firstScenarios.memory);
    cpSync(join(recording.folder, 'history.jsonl'), join(this.folder, 'history.jsonl'));
    this.write('stricter.yaml', '{ lost: allowed, duplicated: allowed }\n');
    cpSync(join(root, 'examples'), join(this.folder, 'examples'), { recursive: true, filter: (path) => !path.includes('.venv') && !path.includes('/build') });
    mkdirSync(join(this.folder, '.config/fish/completions'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    placeShims({ folder: this.folder, programs: ['npx', 'leaderfall', 'npm', 'git', 'mkdir', 'cp'], files: [...['data', 'java', 'python'].map((name) => `examples/${name}/setup.sh`), 'examples/data/.venv/bin/python'] });
    for (const file of ['server.properties', 'rabbitmq.conf']) this.write(file, '');
    for (const { name, text } of blocks) if (name !== null) this.write(name, text);
  }
}

interface Outcome {
  readonly code: number;
  readonly said: string;
}

const silent = { write: () => true };

/** The real command line, in this process; nothing that needs a cluster gets further than its plan. */
async function carryOut(words: readonly string[], folder: string): Promise<Outcome> {
  if (onlyRead.some(({ when }) => when(words))) return read(words);
  let said = '';
  const write = (text: string): boolean => { said += text; return true; };
  process.chdir(folder);
  const code = await main(planned(words), { stdout: { write }, stderr: { write }, env: {}, nowMs: () => performance.now() });
  return { code, said };
}

async function read(words: readonly string[]): Promise<Outcome> {
  const program = createProgram({ stdout: silent, stderr: silent, env: {}, nowMs: () => 0 }, words, () => {});
  for (const command of program.commands) command.action(() => {});
  return program.parseAsync(words, { from: 'user' }).then(() => ({ code: 0, said: '' }), (error: unknown) => ({ code: 2, said: String(error) }));
}

/** Runs become plans; folders of earlier runs become the recorded one. */
function planned(words: readonly string[]): readonly string[] {
  const [command, ...rest] = words;
  if (command === 'run') return rest.includes('--dry-run') ? words : [...words, '--dry-run'];
  const isFolder = (word: string, index: number): boolean => !word.startsWith('-') && !rest[index - 1]?.startsWith('--') && word.includes('/');
  if (command === 'explain' || command === 'export') return [command, ...rest.map((word, index) => (isFolder(word, index) ? run : word))];
  if (command === 'report' || command === 'compare') return [command, ...rest.map((word, index) => (isFolder(word, index) || /^shard-\d$/.test(word) ? suite : word))];
  return words;
}

/** What a command may say of this machine is no fault of the page. */
const fine = ([command]: readonly string[]): readonly number[] => (command === 'doctor' ? [0, 4] : [0]);

async function hold(line: string, place: string, folder: string): Promise<void> {
  for (const call of callsOf(line, folder)) await holdCall(call, `${place}: ${line}`, folder);
}

async function holdCall(call: Call, where: string, folder: string): Promise<void> {
  const [program, ...words] = call;
  const own = program === 'leaderfall' ? words : program === 'npx' && words[0] === 'leaderfall' ? words.slice(1) : null;
  if (own === null) {
    const known = others.find((other) => other.call.test(call.join(' ')));
    expect(known, `${where}\nis not executed, and tests/docs/known.ts has no reason why`).toBeDefined();
    expect(known!.holds?.(call) ?? true, where).toBe(true);
    return;
  }
  const { code, said } = await carryOut(own, folder);
  expect(fine(own), `${where}\n${said}`).toContain(code);
}

/** The commands of a recipe: what GitHub calls `run`, GitLab `script`. */
function commandsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(commandsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'run' && typeof inner === 'string' ? linesOf(inner) : key === 'script' ? (inner as readonly string[]) : commandsIn(inner)));
}

const isRecipe = ({ text }: Block): boolean => /^\s*(?:- )?(?:jobs|script|steps|uses|strategy|run):/m.test(text) && text.includes('npx leaderfall');

async function holdBlock(block: Block, page: Page, folder: string): Promise<void> {
  const { kind, text, name, place } = block;
  if (kind === 'sh') for (const line of linesOf(text)) await hold(line, place, folder);
  else if (kind === 'groovy') for (const [, line] of text.matchAll(/\bsh '(.*)'/g)) await hold(line!, place, folder);
  else if (kind === 'json') JSON.parse(text);
  else if (kind === 'yaml' && isRecipe(block)) for (const line of commandsIn(parse(text))) await hold(line, place, folder);
  else if (kind === 'yaml') await holdYaml(block, folder);
  else if (kind === 'ts') expect(block.shows ?? snippets.has(`${page.path} ${place}`), place).toBeTruthy();
  else if (kind === 'properties' || kind === 'ini') expect(name, `${place}: the first line of a broker's file names it`).not.toBeNull();
  else expect(standingKinds, `${place}: a block of kind "${kind}" is new; say in tests/docs what becomes of it`).toHaveProperty([kind]);
}

async function holdYaml({ name, text, place }: Block, folder: string): Promise<void> {
  if (name === 'leaderfall.config.yaml') return hold('leaderfall run --dry-run', place, folder);
  const rest = fragments[text.split('\n')[0]!];
  expect(name ?? rest, `${place}: neither a file by its first line nor a part that tests/docs/known.ts knows`).toBeDefined();
  if (name === null) writeFileSync(join(folder, 'fragment.yaml'), `${rest}${text}`);
  await hold(`leaderfall run ${name ?? 'fragment.yaml'}`, place, folder);
}

/** Snippets that are no file of the repository. */
const snippets = new Map(all.flatMap(({ path, blocks }) => blocks.filter(({ kind, shows }) => kind === 'ts' && shows === null).map((block) => [`${path} ${block.place}`, block] as const)));

describe.each(all.filter(({ blocks }) => blocks.length > 0))('$path', (page) => {
  test('what its blocks show is so', async () => {
    using reader = new Reader(page);
    for (const block of page.blocks) await holdBlock(block, page, reader.folder);
  }, 120_000);
});

test('commands in sentences name commands and options that there are', () => {
  const spans = all.flatMap((page) => page.spans);
  expect(spans.length).toBeGreaterThan(10);
  for (const { place, text } of spans) {
    const [command = '', ...words] = text.replace(/^npx /, '').split(/\s+/).slice(1);
    const entry = (commandTable as Readonly<Record<string, { readonly options: object }>>)[command];
    expect(entry, `${place}: ${text}`).toBeDefined();
    const flags = Object.values<OptionEntry>(entry!.options as Readonly<Record<string, OptionEntry>>).map(({ flags: each }) => each.split(' ')[0]);
    for (const word of words.filter((each) => each.startsWith('--'))) expect(flags, `${place}: ${text}`).toContain(word.split('=')[0]);
  }
});

test('the README counts faults, families and scenarios as they are', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const numbers = (pattern: RegExp): readonly number[] => [...readme.matchAll(pattern)].map(([, number]) => Number(number));
  expect(numbers(/(\d+) faults in six families/g)).toEqual([faultNames.length]);
  expect(new Set(faultNames.map((name) => faultDeclarations[name].family)).size).toBe(6);
  expect(faultFamilies).toHaveLength(7);
  expect(numbers(/More than (\d+) shipped scenarios/g).map((least) => suites.length > least && suites.length <= least + 100)).toEqual([true]);
  const demo = suites.filter(({ tags }) => tags.includes('demo')).map(({ name }) => name);
  expect([...readme.matchAll(/^\| `([\w/-]+)` \|/gm)].map(([, name]) => name).toSorted()).toEqual(demo.toSorted());
});

test('links between the pages lead to files and headings that there are', () => {
  const texts = new Map(all.map(({ path }) => [path, readFileSync(join(root, path), 'utf8')]));
  const slug = (heading: string): string => heading.toLowerCase().replaceAll(/[^\p{L}\d\s-]/gu, '').trim().replaceAll(/\s/g, '-');
  const links = [...texts].flatMap(([path, text]) => [...text.matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g)].map(([link, target = '', heading]) => ({ path, link, target: normalize(target === '' ? path : join(dirname(path), target)), heading })));
  expect(links.length).toBeGreaterThan(40);
  for (const { path, link, target, heading } of links) {
    expect(existsSync(join(root, target)), `${path}: ${link}`).toBe(true);
    const headings = [...(texts.get(target) ?? '').matchAll(/^#+ (.+)$/gm)].map(([, each]) => slug(each!));
    if (heading !== undefined) expect(headings, `${path}: ${link}`).toContain(heading);
  }
});

test('snippets of TypeScript compile against the package, strictly', async () => {
  using place = new Place();
  const paths = { leaderfall: [join(root, 'harness/index.ts')], 'leaderfall/vitest': [join(root, 'harness/vitest/index.ts')] };
  const names = [...snippets.values()].map(({ text }, index) => {
    place.write(`snippet-${index}.ts`, text);
    return `snippet-${index}.ts`;
  });
  expect(names.length).toBeGreaterThan(2);
  symlinkSync(join(root, 'node_modules'), join(place.folder, 'node_modules'));
  place.write('package.json', '{ "type": "module" }');
  place.write('tsconfig.json', JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions: { noEmit: true, incremental: false, composite: false, skipLibCheck: true, paths, types: ['node'] }, files: names, include: [] }));
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', place.folder]).catch((error: { readonly stdout: string }) => error);
  expect(stdout, [...snippets.keys()].map((where, index) => `snippet-${index}.ts is ${where}`).join('\n')).toBe('');
}, 120_000);

describe('the tests of the pages can fail', () => {
  test.each([
    ['a scenario that there is not', '```sh\nnpx leaderfall run kafka/acks-all/leader-kil\n```\n'],
    ['an option that there is not', '```sh\nnpx leaderfall report reports/runs/latest --html\n```\n'],
    ['a program that nobody gave a reason for', '```sh\nnpm publish\n```\n'],
    ['a line that is no shell', "```sh\nnpx leaderfall run 'memory/*\n```\n"],
    ['a scenario that is not valid', '```yaml\n# a.yaml\nname: a\ncluster: { broker: kafak }\n```\n'],
    ['a part that nobody knows', '```yaml\nbounds: { stepMs: 1 }\n```\n'],
    ['a recipe with a tag that there is not', '```yaml\njobs:\n  a:\n    steps:\n      - run: npx leaderfall run --tag smokee\n```\n'],
    ['a language that is new', '```toml\na = 1\n```\n'],
    ['broken JSON', '```json\n{ "a": 1, }\n```\n'],
  ])('%s', async (_, text) => {
    const page = pageOf('docs/planted.md', text);
    using reader = new Reader(page);
    await expect(holdBlock(page.blocks[0]!, page, reader.folder)).rejects.toThrow();
  });

  test('every reason in the lists is still needed', () => {
    const kinds = new Set(all.flatMap(({ blocks }) => blocks.map(({ kind }) => kind)));
    expect(Object.keys(standingKinds).filter((kind) => !kinds.has(kind))).toEqual([]);
    const firstLines = new Set(all.flatMap(({ blocks }) => blocks.map(({ text }) => text.split('\n')[0]!)));
    expect(Object.keys(fragments).filter((line) => !firstLines.has(line))).toEqual([]);
  });

  test('there is something to see', () => {
    expect(existsSync(join(suite, 'suite.json'))).toBe(true);
    expect(all.flatMap(({ blocks }) => blocks).length).toBeGreaterThan(40);
  });
});
