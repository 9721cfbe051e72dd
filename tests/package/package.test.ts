// The package as its user gets it: packed, unpacked beside its own dependencies and no others, installed from a registry, type-checked, and run by the user's Vitest.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { files, engines, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as
  { readonly files: readonly string[]; readonly engines: { readonly node: string }; readonly devDependencies: Readonly<Record<string, string>> };
/** What packing reads. A copy of it, for neither a build folder that was there before nor one that is left behind may matter. */
const sources = new Set(['harness', 'reports', 'suites', 'package.json', 'tsconfig.json', 'tsconfig.build.json', ...files.filter((name) => name !== 'dist' && existsSync(join(root, name)))]);
const besides = ['vitest', 'typescript', '@types/node'];
const minuteMs = 60_000;

let folder: string;
let user: string;

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
}

/** Node is the one that runs this, whatever the machine has. */
function runIn(cwd: string, file: string, args: readonly string[]): Promise<Outcome> {
  const env = { ...process.env, NO_COLOR: '1', PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` };
  // A Vitest in a Vitest must not take itself for a worker of the outer one.
  for (const name of Object.keys(env)) if (/^(VITEST|TEST$|NODE_ENV$|FORCE_COLOR$)/.test(name)) delete (env as NodeJS.ProcessEnv)[name];
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env, timeout: 8 * minuteMs, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, output: `${stdout}${stderr}` });
    });
  });
}

const node = (cwd: string, ...args: readonly string[]): Promise<Outcome> => runIn(cwd, process.execPath, args);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leaderfall-package-'));
  await pack();
  user = join(folder, 'user');
  unpackInto(join(user, 'node_modules'));
  writeFileSync(join(user, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  cpSync(join(root, 'examples/vitest'), user, { recursive: true });
  cpSync(join(root, 'tests/package/project/types.ts'), join(user, 'types.ts'));
  cpSync(join(root, 'tests/package/project/failing.ts'), join(user, 'failing.test.ts'));
}, 10 * minuteMs);

afterAll(() => rmSync(folder, { recursive: true, force: true }), minuteMs);

async function pack(): Promise<void> {
  const copy = join(folder, 'copy');
  for (const name of sources) cpSync(join(root, name), join(copy, name), { recursive: true, filter: (path) => !path.startsWith(join(root, 'reports/runs')) && !path.endsWith('/.venv') });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const packed = await runIn(copy, 'npm', ['pack', '--pack-destination', folder]);
  expect(packed, packed.output).toMatchObject({ exitCode: 0 });
}

type Locked = Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
const lockedPackages = (): Locked => (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { readonly packages: Locked }).packages;
const tarballIn = (place: string): string => readdirSync(place).find((name) => name.endsWith('.tgz'))!;

/** As `npm install` would, without asking a registry: the tarball's own files, and links to exactly what it depends on. */
function unpackInto(modules: string): void {
  const runtime = Object.entries(lockedPackages()).filter(([path, { dev, devOptional }]) => /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path) && dev !== true && devOptional !== true);
  for (const name of [...runtime.map(([path]) => path.replace('node_modules/', '')), ...besides]) {
    if (!existsSync(join(root, 'node_modules', name)) || existsSync(join(modules, name))) continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  execFileSync('tar', ['xzf', join(folder, tarballIn(folder)), '-C', folder]);
  renameSync(join(folder, 'package'), join(modules, 'leaderfall'));
}

const filesIn = (place: string): readonly string[] => readdirSync(join(user, 'node_modules/leaderfall', place), { recursive: true }).map(String);

test('the tarball holds what is run and read, and no tests', () => {
  expect(filesIn('dist').filter((name) => /\.test\.|(^|\/)testing\//.test(name))).toEqual([]);
  expect(filesIn('.').filter((name) => !name.includes('/'))).toEqual(expect.arrayContaining(['package.json', ...files]));
});

test('every page that the README links to is in it', () => {
  const readme = readFileSync(join(user, 'node_modules/leaderfall/README.md'), 'utf8');
  const pages = [...readme.matchAll(/\]\(((?!https?:|#)[^)#]+)/g)].map(([, page]) => page!);
  expect(pages.length).toBeGreaterThan(0);
  expect(pages.filter((page) => !existsSync(join(user, 'node_modules/leaderfall', page)))).toEqual([]);
});

test('the command line starts', async () => {
  const { exitCode, output } = await node(user, 'node_modules/leaderfall/bin/leaderfall.js', 'list', 'memory/*');
  expect(output).toContain('memory/answer-on-accept/crash');
  expect(exitCode).toBe(0);
}, 2 * minuteMs);

test('publint finds nothing to mend in it', async () => {
  const { publint } = await import('publint');
  const { formatMessage } = await import('publint/utils');
  const { messages, pkg } = await publint({ pkgDir: join(user, 'node_modules/leaderfall'), pack: false });
  expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
}, 2 * minuteMs);

test('its types are those of what is imported, for whoever imports ES modules', async () => {
  const { checkPackage, createPackageFromTarballData } = await import('@arethetypeswrong/core');
  const tarball = readFileSync(join(folder, tarballIn(folder)));
  const result = await checkPackage(createPackageFromTarballData(tarball));
  // The package has ES modules only: `require` before Node 22 and resolution as before Node 12 are not promised.
  const promised = result.types === false ? ['there are no types'] : result.problems.filter((problem) => !('resolutionKind' in problem) || !['node10', 'node16-cjs'].includes(problem.resolutionKind));
  expect(promised).toEqual([]);
  expect(result.types === false ? [] : Object.keys(result.entrypoints).sort()).toEqual(['.', './package.json', './vitest']);
}, 5 * minuteMs);

test('in an empty folder, init and the run that it proposes work', async () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  symlinkSync(join(user, 'node_modules'), join(empty, 'node_modules'));
  const program = 'node_modules/leaderfall/bin/leaderfall.js';
  const made = await node(empty, program, 'init');
  expect(made).toEqual({ exitCode: 0, output: expect.stringContaining('next   npx leaderfall run leaderfall/memory-orders.yaml') });
  const played = await node(empty, program, 'run');
  expect(played).toEqual({ exitCode: 0, output: expect.stringContaining('2 of 2 scenarios did what their contract says') });
  // The first line of the scenario leads editors to the schema.
  const [, schema] = /\$schema=(\S+)/.exec(readFileSync(join(empty, 'leaderfall/memory-orders.yaml'), 'utf8'))!;
  expect(JSON.parse(readFileSync(join(empty, 'leaderfall', schema!), 'utf8'))).toMatchObject({ title: 'A scenario file of leaderfall' });
  expect(await node(empty, program, 'compare', 'reports/runs/latest', 'reports/runs/latest')).toMatchObject({ exitCode: 0 });
}, 3 * minuteMs);

test('an older Node is told what is needed, whatever syntax it knows', () => {
  const program = readFileSync(join(user, 'node_modules/leaderfall/bin/leaderfall.js'), 'utf8');
  const [statics] = [[...program.matchAll(/^import .* from '(.*)';$/gm)].map(([, name]) => name)];
  expect(statics).toEqual(['fs']);
});

const firstVersion = engines.node.replace('>=', '');
const isOlder = (version: string): boolean => version.localeCompare(firstVersion, 'en', { numeric: true }) < 0;

/** The machine's own Node, where it is too old for the package; the one of node_modules is not. */
function olderNode(): string | null {
  const programs = (process.env['PATH'] ?? '').split(delimiter).filter((place) => !place.includes('node_modules')).map((place) => join(place, 'node')).filter((path) => existsSync(path));
  return programs.find((path) => isOlder(execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim())) ?? null;
}

test('a Node that is too old exits 2 and says which is needed, before anything else is loaded', async ({ skip }) => {
  const old = olderNode();
  if (old === null) skip(`not runnable here: no Node before ${firstVersion} is on PATH`);
  expect(await runIn(user, old!, ['node_modules/leaderfall/bin/leaderfall.js', 'list'])).toEqual({
    exitCode: 2, output: expect.stringMatching(/^error\[E_USAGE\]: leaderfall needs Node [\d.]+ or newer; this is Node [\d.]+\nhint: install a current Node: \S+\n$/),
  });
}, minuteMs);

describe('installed by npm from a registry into an empty project', () => {
  let installed: string;
  let notHere: string | null;
  const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED|CERT|certificate/;

  beforeAll(async () => {
    installed = join(folder, 'installed');
    mkdirSync(installed);
    writeFileSync(join(installed, 'package.json'), JSON.stringify({ name: 'installed', private: true, type: 'module' }));
    const { exitCode, output } = await runIn(installed, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, tarballIn(folder))]);
    notHere = exitCode !== 0 && unreachable.test(output) ? `not runnable here: no registry answers (${unreachable.exec(output)![0]})` : null;
    if (notHere === null) expect(exitCode, output).toBe(0);
  }, 8 * minuteMs);

  test('npx leaderfall init and npx leaderfall run work', async ({ skip }) => {
    if (notHere !== null) skip(notHere);
    expect(await runIn(installed, 'npx', ['leaderfall', 'init'])).toMatchObject({ exitCode: 0 });
    expect(await runIn(installed, 'npx', ['leaderfall', 'run'])).toEqual({ exitCode: 0, output: expect.stringContaining('2 of 2 scenarios did what their contract says') });
  }, 5 * minuteMs);

  test('what is imported has its types', async ({ skip }) => {
    if (notHere !== null) skip(notHere);
    writeFileSync(join(installed, 'mine.ts'), "import { runScenario, type RunRecord, type Scenario } from 'leaderfall';\nexport const play = (scenario: Scenario): Promise<RunRecord> => runScenario(scenario);\n// @ts-expect-error a scenario is no number\nvoid runScenario(7);\n");
    const settings = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--skipLibCheck', 'true'];
    expect(await node(installed, join(root, 'node_modules/typescript/bin/tsc'), ...settings, 'mine.ts')).toEqual({ exitCode: 0, output: '' });
  }, 5 * minuteMs);

  test('nothing came along that only its developers need', ({ skip }) => {
    if (notHere !== null) skip(notHere);
    const onlyForUs = Object.keys(devDependencies).filter((name) => lockedPackages()[`node_modules/${name}`]?.dev === true);
    expect(onlyForUs).toEqual(expect.arrayContaining(['typescript', 'oxlint', 'fast-check', 'playwright-core']));
    expect(onlyForUs.filter((name) => existsSync(join(installed, 'node_modules', name)))).toEqual([]);
  });
});

test.each([
  ['nodenext', 'nodenext', 'false'],
  ['bundler', 'esnext', 'true'],
])('its types resolve under moduleResolution %s', async (resolution, module, skipLibCheck) => {
  const settings = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--module', module, '--moduleResolution', resolution, '--skipLibCheck', skipLibCheck];
  const files = readdirSync(user).filter((name) => name.endsWith('.ts'));
  expect(files).toContain('types.ts');
  expect(await node(user, 'node_modules/typescript/bin/tsc', ...settings, ...files)).toEqual({ exitCode: 0, output: '' });
}, 5 * minuteMs);

test('a user\'s Vitest plays scenarios, and an expectation that fails says which clause, how many, which messages, and where the report lies', async () => {
  const { exitCode, output } = await node(user, 'node_modules/vitest/vitest.mjs', 'run', 'one-run', 'failing');
  expect(exitCode).toBe(1);
  expect(output).toMatch(/Tests +2 failed \| 2 passed \(4\)/);
  expect(output).toContain('expect(run).toUphold(contract)');
  expect(output).toContain('memory/answer-on-accept/crash: violated');
  expect(output).toMatch(/lost: expected forbidden, counted [\d,]+: [\d,]+ where at most 0 may be/);
  expect(output).toMatch(/message 0\/\d+: .*acknowledged at .*never delivered/);
  const report = /^report: (.+)$/m.exec(output)?.[1];
  expect(report).toMatch(/^reports\/runs\/.+\/report\.html$/);
  expect(existsSync(join(user, report!))).toBe(true);
  expect(output).toContain("LeaderfallError: A scenario on memory cannot end within this test's limit of 1000 ms");
  expect(output).toMatch(/failing\.test\.ts:\d+:\d+/);
}, 5 * minuteMs);
