// From nothing to a verdict: init, the run that it proposes, a baseline, reports by name, a comparison, a message's story. The embedded broker plays.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { RunRecord } from '../model/run-record.ts';
import { Place, type Ended } from '../run/testing/program.ts';

const place = new Place();
afterAll(() => place[Symbol.dispose]());
const file = (...parts: readonly string[]): string => join(place.folder, ...parts);
const read = (...parts: readonly string[]): string => readFileSync(file(...parts), 'utf8');
const start = (...args: readonly string[]): Promise<Ended> => place.start(args, { env: { GITHUB_STEP_SUMMARY: file('step.md') } });

let made: Ended;
let played: Ended;

beforeAll(async () => {
  made = await start('init', '--ci', 'github');
  played = await start('run', '--seed', 'first', '--reporter', 'html=site/report.html', '--reporter', 'junit=junit.xml', '--reporter', 'github', '--history', 'trend/history.jsonl');
}, 120_000);

const base = 'reports/runs/latest';
const runFolder = (name: string): string => file(base, name);

describe('init', () => {
  test('writes a scenario, the configuration and a workflow, and says the next command', () => {
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toBe('wrote  leaderfall.config.yaml\nwrote  leaderfall/memory-orders.yaml\nwrote  .github/workflows/leaderfall.yml\nwrote  reports/runs/ to .gitignore\nnext   npx leaderfall run leaderfall/memory-orders.yaml\n');
  });

  test('what is there stays, to the letter, and is named; --force writes over it', async () => {
    const before = read('leaderfall.config.yaml');
    writeFileSync(file('leaderfall.config.yaml'), `${before}# mine\n`);
    const kept = await start('init', '--ci', 'github');
    expect([kept.code, kept.stdout.match(/^kept .*/gm)]).toEqual([0, ['kept   leaderfall.config.yaml', 'kept   leaderfall/memory-orders.yaml', 'kept   .github/workflows/leaderfall.yml']]);
    expect(read('leaderfall.config.yaml')).toBe(`${before}# mine\n`);
    expect(read('.gitignore')).toBe('reports/runs/\n');
    await start('init', '--ci', 'none', '--force');
    expect(read('leaderfall.config.yaml')).toBe(before);
  });

  test.each(['kafka', 'rabbitmq'])('the first scenario for %s has a plan, and its workflow prepares the machine', async (broker) => {
    using other = new Place();
    expect((await other.start(['init', '--broker', broker, '--ci', 'gitlab'])).code).toBe(0);
    const plan = await other.start(['run', '--dry-run']);
    expect([plan.code, plan.stderr]).toEqual([0, '']);
    expect(plan.stdout).toContain('2 scenarios in this order, on 1 cluster; nothing was started');
    const workflow = parse(readFileSync(join(other.folder, '.gitlab-ci.yml'), 'utf8')) as { readonly leaderfall: { readonly script: readonly string[]; readonly artifacts: { readonly paths: readonly string[]; readonly reports: object } } };
    expect(workflow.leaderfall.script).toEqual(['npm ci', 'npx leaderfall doctor --fix', expect.stringContaining('npx leaderfall run --reporter')]);
    expect(workflow.leaderfall.artifacts.paths).toEqual(['leaderfall.html', 'reports/runs/20*']);
    expect(workflow.leaderfall.artifacts.reports).toEqual({ junit: 'leaderfall.xml', metrics: 'leaderfall-metrics.txt' });
  });

  test('the workflow for GitHub names reporters that there are, and keeps the report whatever the verdict', () => {
    const { jobs } = parse(read('.github/workflows/leaderfall.yml')) as { readonly jobs: { readonly leaderfall: { readonly steps: readonly Readonly<Record<string, unknown>>[] } } };
    const steps = jobs.leaderfall.steps;
    expect(steps.map(({ run, uses }) => run ?? uses)).toEqual(['actions/checkout@v5', 'actions/setup-node@v5', 'npm ci', 'npx leaderfall run --reporter html=leaderfall.html --reporter github', 'actions/upload-artifact@v7', 'actions/upload-artifact@v7']);
    expect(steps.at(-2)).toMatchObject({ if: 'always()', with: { path: 'leaderfall.html', archive: false } });
    expect(steps.at(-1)).toMatchObject({ if: 'failure()', with: { name: 'leaderfall-runs', path: 'reports/runs/20*' } });
  });

  test('a repository of GitLab gets its workflow', async () => {
    using other = new Place();
    other.write('.gitlab-ci.yml', 'mine: true\n');
    const { stdout } = await other.start(['init']);
    expect(stdout).toContain('kept   .gitlab-ci.yml');
    expect(readFileSync(join(other.folder, '.gitlab-ci.yml'), 'utf8')).toBe('mine: true\n');
    expect(existsSync(join(other.folder, '.github'))).toBe(false);
  });

  test('an unknown broker exits 2 and writes nothing', async () => {
    using other = new Place();
    const { code, stderr } = await other.start(['init', '--broker', 'kafak']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--broker takes memory, kafka, rabbitmq, not "kafak"; did you mean "kafka"?')]);
    expect(readdirSync(other.folder)).toEqual(['tmp']);
  });
});

describe('the configuration', () => {
  test('chooses the scenarios and the folder of a run that names none', () => {
    expect(played.code, played.stderr).toBe(0);
    expect(played.stdout).toContain('2 of 2 scenarios did what their contract says: 1 kept what must be kept, 1 lost messages as its contract requires.');
    expect(existsSync(file(base, 'suite.json'))).toBe(true);
  });

  test('that is wrong says where, and nothing starts', async () => {
    using other = new Place();
    other.write('leaderfall.config.yaml', 'scenarios: [a.yaml]\nreporter: [html]\n');
    const { code, stderr } = await other.start(['run']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('leaderfall.config.yaml:2:1: reporter: unknown key "reporter"; did you mean "reporters"?')]);
    other.write('leaderfall.config.yaml', 'reporters: [junti]\n');
    expect(await other.start(['list'])).toMatchObject({ code: 2, stderr: expect.stringContaining('leaderfall.config.yaml: reporters: --reporter takes html, junit, markdown, openmetrics, json, github, not "junti"; did you mean "junit"?') });
    other.write('leaderfall.config.yaml', 'scenarios: ["none/*.yaml"]\n');
    expect(await other.start(['run'])).toMatchObject({ code: 2, stderr: expect.stringContaining('No file is called none/*.yaml, as leaderfall.config.yaml says') });
  });

  test('names on the command line win over it', async () => {
    expect((await start('list', 'memory/answer-on-accept/crash')).stdout).toMatch(/^memory\/answer-on-accept\/crash\n/);
    expect((await start('list')).stdout).toMatch(/^orders\/answer-after-processing\/crash\n/);
  });
});

describe('a history', () => {
  const history = 'trend/history.jsonl';

  test('has a line of the run, and the step summary the trend', () => {
    expect(played.stdout).toContain('history  trend/history.jsonl: 1 suite\n');
    const { scenarios, ...suite } = JSON.parse(read(history)) as { readonly scenarios: readonly Readonly<Record<string, unknown>>[] };
    expect(suite).toMatchObject({ schema: 'leaderfall/history@1', seed: 'first', verdict: 'upheld', exitCode: 0 });
    expect(scenarios).toContainEqual(expect.objectContaining({ scenario: 'orders/answer-on-accept/crash', version: 'memory embedded', result: 'required', worst: expect.stringMatching(/^must lose: lost [\d,]+ of/) }));
    expect(read('step.md')).toContain('## Over time: 2 scenarios over 1 suite');
  });

  test('takes what report judges again as the same suite, and trend reads it from the configuration', async () => {
    writeFileSync(file('leaderfall.config.yaml'), `${read('leaderfall.config.yaml')}history: ${history}\n`);
    expect((await start('report', base, '--out', 'judged', '--history', history)).stdout).toContain('history  trend/history.jsonl: 2 suites\n');
    const { code, stdout, stderr } = await start('trend');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^✓ {2}orders\/answer-after-processing\/crash \(memory embedded\)\n {4}upheld \(lost 0 of [\d,]+\)\n {4}(?:recovery .*, median .* of 1 run|no outage, 1 run without an outage)\n/m);
    expect(stdout).toContain('◆  orders/answer-on-accept/crash (memory embedded)');
    const json = JSON.parse((await start('trend', history, '--json')).stdout) as { readonly suites: readonly object[] };
    expect(json).toMatchObject({ schema: 'leaderfall/trend@1', exitCode: 0, suites: [{ commit: null }] });
    expect((await start('trend', '--markdown')).stdout).toMatch(/^## Over time: .*\n\n<details>/);
  });

  test('whose last line was cut off is read as far as it goes, and says so', async () => {
    const whole = read(history);
    writeFileSync(file('torn.jsonl'), whole.slice(0, -30));
    expect(await start('trend', 'torn.jsonl')).toMatchObject({ code: 0, stderr: expect.stringContaining('warning: torn.jsonl:2 is no whole line of a history') });
    writeFileSync(file('torn.jsonl'), whole.slice(0, 40));
    expect(await start('trend', 'torn.jsonl')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('torn.jsonl has no suite in it') });
  });

  test('that there is not, or that cannot be written, exits 2', async () => {
    using other = new Place();
    expect(await other.start(['trend'])).toMatchObject({ code: 2, stderr: expect.stringContaining('No history is named') });
    expect(await other.start(['trend', 'none.jsonl'])).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no history none.jsonl') });
    other.write('plain', '');
    expect(await other.start(['run', 'memory/answer-on-accept/baseline', '--history', 'plain/h.jsonl'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('plain/h.jsonl') });
  });
});

describe('--reporter', () => {
  test('writes what is named and the record, and copies to the paths', () => {
    expect(readdirSync(file(base)).filter((name) => name.includes('.')).sort()).toEqual(['junit.xml', 'report.html', 'suite.json']);
    expect(readdirSync(runFolder('orders-answer-on-accept-crash'))).toEqual(expect.arrayContaining(['run.json', 'report.html', 'junit.xml']));
    expect(existsSync(join(runFolder('orders-answer-on-accept-crash'), 'metrics.txt'))).toBe(false);
    expect(read('junit.xml')).toBe(read(base, 'junit.xml'));
    expect(read('site/report.html')).toContain('<!DOCTYPE html>');
  });

  test('github appends the summary; what is upheld has no annotation', () => {
    expect(read('step.md')).toMatch(/^# Leaderfall: upheld/);
    expect(played.stdout).not.toContain('::error');
  });

  test('report writes all formats by name, without a run', async () => {
    const { code } = await start('report', base, '--out', 'again', '--reporter', 'html,junit,markdown', '--reporter', 'openmetrics,json=copy/suite.json');
    expect([code, readdirSync(file('again')).sort()]).toEqual([0, ['junit.xml', 'metrics.txt', 'report.html', 'suite.json', 'summary.md']]);
    expect(JSON.parse(read('copy/suite.json'))).toEqual(JSON.parse(read('again/suite.json')));
  });

  test.each([
    ['jnuit', '--reporter takes html, junit, markdown, openmetrics, json, github, not "jnuit"'],
    ['junit=', '--reporter junit= has no path'],
    ['github=a.md', '--reporter github writes no file'],
    ['html=leaderfall.config.yaml/x.html', 'The report leaderfall.config.yaml/x.html cannot be written'],
  ])('%s exits 2 before anything is started', async (given, message) => {
    expect(await start('run', '--reporter', given)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});

describe('a baseline', () => {
  let violated: Ended;
  beforeAll(async () => {
    violated = await start('run', '--set', 'destination.answer=on-accept', '--seed', 'first', '--baseline', base, '--out', 'changed', '--reporter', 'github');
  }, 120_000);

  test('a verdict that got worse is told with its sentence, and exits 1', () => {
    expect(violated.code).toBe(1);
    expect(violated.stdout).toMatch(/✗ worse +orders\/answer-after-processing\/crash \(memory embedded\): upheld → violated\n +\d+ acknowledged messages? lost/);
    expect(violated.stdout).toContain('lost: upheld → violated');
  });

  test('numbers stand beside each other where the plan is the same, and the reason where it is not', () => {
    expect(violated.stdout).toMatch(/numbers that moved, base → run, on the same machine, images and plan\n(?: {2}orders\/answer-on-accept\/crash \(memory embedded\): .+\n)? {2}\d+ (?:other )?numbers? did not move/);
    const { scenarios } = JSON.parse(read('changed/latest/comparison.json')) as { readonly scenarios: readonly { readonly scenario: string; readonly numbers: readonly { readonly name: string }[] }[] };
    expect(scenarios.map(({ scenario, numbers }) => [scenario, numbers.length > 0])).toEqual([['orders/answer-after-processing/crash', false], ['orders/answer-on-accept/crash', true]]);
    expect(violated.stdout).toContain('numbers not compared\n  orders/answer-after-processing/crash (memory embedded): plan: destination differs');
  });

  test('the comparison lies beside the reports and follows the step summary', () => {
    expect(JSON.parse(read('changed/latest/comparison.json'))).toMatchObject({ schema: 'leaderfall/comparison@1', exitCode: 1, scenarios: [{ change: 'worse' }, { change: 'same' }] });
    expect(read('step.md')).toContain(read('changed/latest/comparison.md'));
    expect(violated.stdout).toMatch(/^::error title=orders\/answer-after-processing\/crash violated::/m);
  });

  test('compare says the same of the two folders; the other way round it is better and exits 0', async () => {
    const compared = await start('compare', base, 'changed/latest', '--json');
    expect([compared.code, compared.stdout]).toEqual([1, read('changed/latest/comparison.json')]);
    expect(await start('compare', 'changed/latest', base)).toMatchObject({ code: 0, stdout: expect.stringContaining('violated → upheld') });
    expect(await start('compare', join(base, 'orders-answer-on-accept-crash'), join(base, 'orders-answer-on-accept-crash'), '--markdown')).toMatchObject({ code: 0, stdout: expect.stringContaining('## Compared with the base: Verdicts of 1 scenario: 1 as before.') });
  });

  test('that is not there exits 2 before anything is started', async () => {
    expect(await start('run', '--baseline', 'nowhere')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('nowhere holds neither suite.json nor run.json') });
  });
});

describe('explain', () => {
  const folder = join(base, 'orders-answer-on-accept-crash');

  test('tells a lost message as its report does, with the kill beside it', async () => {
    const { facts } = JSON.parse(read(folder, 'run.json')) as RunRecord;
    const example = facts!.measures.find(({ measure }) => measure === 'lost')!.examples.at(-1)!;
    const { code, stdout } = await start('explain', folder, `${example.producer}:${example.sequence}`, '--neighbours', '1');
    expect([code, stdout]).toEqual([0, expect.stringContaining(`message ${example.producer}:${example.sequence} of orders/answer-on-accept/crash\n  ${example.story}\n`)]);
    expect(stdout).toMatch(/acknowledged to producer-0/);
    expect(stdout).toMatch(/\nneighbours\n( +0:\d+ {3}.*\n){2}$/);
  });

  test('one that is not in the history, a suite of several, and a wrong name exit 2', async () => {
    expect(await start('explain', folder, '7:1')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^error\[E_USAGE\]: .*7:1.*no event of the history names it.*\nhint: /) });
    expect(await start('explain', folder, '7:1', '--json')).toMatchObject({ code: 2, stdout: expect.stringContaining('"known": false'), stderr: expect.stringContaining('error[E_USAGE]') });
    expect(await start('explain', base, '0:1')).toMatchObject({ code: 2, stderr: expect.stringContaining('latest/orders-answer-on-accept-crash') });
    expect(await start('explain', folder, 'lost')).toMatchObject({ code: 2, stderr: expect.stringContaining('A message is called producer:sequence, not "lost"') });
  });
});

describe('export', () => {
  const folder = join(base, 'orders-answer-on-accept-crash');

  test('prints every event of a run as CSV, and writes the same to a file', async () => {
    const { facts } = JSON.parse(read(folder, 'run.json')) as RunRecord;
    const { code, stdout } = await start('export', folder);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect([code, head]).toEqual([0, 'timeNs,sequence,offset,producer,partition,kind,attempt,actor,code']);
    const ids = (kind: number) => new Set(rows.map((row) => row.split(',')).filter((row) => row[5] === String(kind)).map((row) => `${row[3]}:${row[1]}`)).size;
    expect([ids(4), ids(12)]).toEqual([facts!.totals.acknowledged, facts!.totals.processedIds]);
    expect(await start('export', folder, '--out', 'made/events.csv')).toMatchObject({ code: 0, stdout: '' });
    expect(read('made/events.csv')).toBe(stdout);
  });

  test('a suite of several, and a file that cannot be, exit 2', async () => {
    expect(await start('export', base)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('latest/orders-answer-on-accept-crash') });
    expect(await start('export', folder, '--out', 'leaderfall.config.yaml/x.csv')).toMatchObject({ code: 2, stderr: expect.stringContaining('The file leaderfall.config.yaml/x.csv cannot be written') });
  });
});

test.each(['scenario', 'run', 'suite'])('schema prints the published schema of %s', async (what) => {
  const { code, stdout } = await start('schema', what);
  expect([code, JSON.parse(stdout)]).toEqual([0, JSON.parse(readFileSync(new URL(`../../docs/schemas/${what}.schema.json`, import.meta.url), 'utf8'))]);
});
