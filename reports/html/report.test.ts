import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { formatCount } from '../summary/format.ts';
import { anyText, hostileRuns } from '../testing/hostile.ts';
import { byName, descendants, parseXml, textOf, type Element } from '../testing/parse-xml.ts';
import { failedRun, inconclusiveRun, mixedSuite, repeatedSuite, requiredRun, sampleRun, upheldRun, upheldSuite, violatedRun } from '../testing/sample-records.ts';
import { largestRun } from '../testing/sample-largest.ts';
import { clientFaultRun, countedSuite, interruptedRun, versionSuite } from '../testing/sample-matrix.ts';
import { contentSecurityPolicy } from './page.ts';
import { renderRunReport, renderSuiteReport } from './report.ts';

const suites: readonly (readonly [string, SuiteRecord])[] = [['upheld', upheldSuite], ['mixed', mixedSuite], ['repeated', repeatedSuite], ['versions', versionSuite], ['counted', countedSuite], ['empty', { ...upheldSuite, runs: [] }]];

const withId = (root: Element, id: string): Element => {
  const found = descendants(root).find(({ attributes }) => attributes['id'] === id);
  if (found === undefined) throw new Error(`No element #${id}`);
  return found;
};

const articleOf = (run: RunRecord): Element => byName(parseXml(renderRunReport(run)), 'article')[0]!;

test.each(suites)('%s suite: one file that loads nothing, and runs nothing but the script that its policy names', (_, suite) => {
  const source = renderSuiteReport(suite);
  const root = parseXml(source);
  expect(source.match(/<script/gi)).toHaveLength(1);
  const [, script] = /<script>([\s\S]*?)<\/script>/.exec(source)!;
  expect(contentSecurityPolicy).toContain(`script-src 'sha256-${createHash('sha256').update(script!).digest('base64')}';`);
  expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|fetch|XMLHttpRequest|import\(/);
  const all = descendants(root);
  expect(all.filter(({ name }) => ['link', 'iframe', 'object', 'embed', 'img', 'image', 'base', 'form', 'use'].includes(name))).toEqual([]);
  const attributes = all.flatMap((element) => Object.entries(element.attributes).map(([name, value]) => ({ of: element.name, name, value })));
  expect(attributes.filter(({ name }) => /^on|^(src|srcset|action|data|poster|style|xlink:href)$/i.test(name))).toEqual([]);
  expect(attributes.filter(({ of, name, value }) => name === 'href' && !(of === 'a' && /^(#|\.\/|https?:\/\/)/.test(value)))).toEqual([]);
  expect(textOf(byName(root, 'style')[0]!)).not.toMatch(/url\(|@import/i);
  expect(byName(root, 'meta').find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')?.attributes['content']).toBe(contentSecurityPolicy);
});

test.each(suites)('%s suite: every id is unique and every link inside has a target', (_, suite) => {
  const all = descendants(parseXml(renderSuiteReport(suite)));
  const ids = all.flatMap(({ attributes }) => attributes['id'] ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  const targets = all.flatMap(({ name, attributes }) => (name === 'a' && attributes['href']!.startsWith('#') ? [attributes['href']!.slice(1)] : []));
  const labels = all.flatMap(({ attributes }) => attributes['aria-labelledby']?.split(' ') ?? []);
  const fills = all.flatMap(({ attributes }) => /^url\(#(.+)\)$/.exec(attributes['fill'] ?? '')?.[1] ?? []);
  expect(targets.length).toBeGreaterThan(0);
  const known = new Set(ids);
  expect([...targets, ...labels, ...fills].filter((target) => !known.has(target))).toEqual([]);
});

test.each(suites)('%s suite: tables have captions and row headers, drawings have names, sections have headings', (_, suite) => {
  const root = parseXml(renderSuiteReport(suite));
  const tables = byName(root, 'table');
  expect(tables.filter((table) => textOf(byName(table, 'caption')[0]!) === '')).toEqual([]);
  expect(tables.flatMap((table) => byName(byName(table, 'tbody')[0]!, 'tr')).filter(({ children: [first] }) => first!.name !== 'th' || first!.attributes['scope'] !== 'row')).toEqual([]);
  for (const svg of byName(root, 'svg').filter(({ attributes }) => attributes['role'] === 'img')) expect(textOf(byName(svg, 'title')[0]!)).not.toBe('');
  expect(byName(root, 'h1')).toHaveLength(1);
  expect(byName(root, 'main')).toHaveLength(1);
  for (const details of byName(root, 'details')) expect(textOf(details.children[0]!)).not.toBe('');
});

test('every run has its section, its row and its sentence', () => {
  const root = parseXml(renderSuiteReport(mixedSuite));
  expect(byName(root, 'article')).toHaveLength(mixedSuite.runs.length);
  const headings = byName(root, 'h2').map(textOf);
  for (const run of mixedSuite.runs) expect(headings).toContain(run.scenario.name);
  expect(byName(withId(root, 'summary'), 'tr')).toHaveLength(1 + mixedSuite.runs.length);
  expect(textOf(withId(root, 'not-runnable'))).toContain('needs loop-mounted data directories: no CAP_SYS_ADMIN <here>');
});

test('what was predicted stands beside what was expected and what was measured, where anything was', () => {
  const headings = (run: RunRecord) => byName(byName(articleOf(run), 'table')[0]!, 'th').map(textOf);
  expect(headings(requiredRun).slice(0, 5)).toEqual(['measure', 'expected', 'predicted', 'actual', 'verdict']);
  expect(textOf(articleOf(requiredRun))).toContain('5,000: exactly what only the leader had');
  expect(headings(upheldRun)).not.toContain('predicted');
});

test('ten repetitions are one row that links to each', () => {
  const root = parseXml(renderSuiteReport(repeatedSuite));
  const rows = byName(byName(withId(root, 'summary'), 'tbody')[0]!, 'tr');
  expect(rows).toHaveLength(2);
  expect(textOf(rows[1]!)).toContain('upheld in 10 of 10');
  expect(byName(rows[1]!, 'a')).toHaveLength(11);
  expect(byName(root, 'article')).toHaveLength(20);
});

test.each([upheldRun, requiredRun, violatedRun, inconclusiveRun, clientFaultRun, interruptedRun])('the numbers shown are the record’s: $scenario.name', (run) => {
  const article = articleOf(run);
  const { accounting, totals, measures } = run.facts!;
  const values = (element: Element): readonly number[] => byName(element, 'data').map(({ attributes }) => Number(attributes['value']));
  const accountingBlock = withId(article, `${article.attributes['id']}--accounting`);
  const states = byName(byName(accountingBlock, 'table')[0]!, 'data');
  const { processed, deadLettered, stuck, lost, unseen } = accounting;
  expect(states.map(({ attributes }) => Number(attributes['value']))).toEqual([processed, deadLettered, stuck, lost, unseen]);
  const exact = measures.every(({ conclusive }) => conclusive);
  if (exact) expect(states.map(textOf)).toEqual([processed, deadLettered, stuck, lost, unseen].map(formatCount));
  expect(values(accountingBlock).slice(5, 5 + measures.length)).toEqual(measures.map(({ count }) => count));
  expect(values(accountingBlock)).toEqual(expect.arrayContaining(Object.values(totals)));
  expect(values(byName(article, 'dl')[0]!).slice(0, 2)).toEqual([accounting.baseCount, accounting.lost]);
});

test('the accounting says whether it adds up, and checks it itself', () => {
  expect(textOf(articleOf(upheldRun))).toContain('adds up');
  const facts = upheldRun.facts!;
  const claims = sampleRun({ facts: { ...facts, accounting: { ...facts.accounting, processed: facts.accounting.processed - 1, addsUp: true } } });
  expect(textOf(articleOf(claims))).toContain('does not add up');
  const admits = sampleRun({ facts: { ...facts, accounting: { ...facts.accounting, addsUp: false } } });
  expect(textOf(articleOf(admits))).toContain('does not add up');
});

test('unmet clauses come first and link to their messages', () => {
  const article = articleOf(violatedRun);
  const rows = byName(byName(withId(article, `${article.attributes['id']}--contract`), 'tbody')[0]!, 'tr');
  expect(rows.map((row) => textOf(row.children[0]!))).toEqual(['lost', 'longest unavailability, in ms', 'redelivered']);
  const [link] = byName(rows[0]!, 'a');
  const stories = withId(article, link!.attributes['href']!.slice(1));
  const foldedIn = descendants(article).find(({ name, children }) => name === 'details' && children.includes(stories))!;
  expect(foldedIn.attributes['open']).toBe('open');
  for (const { story } of violatedRun.facts!.measures.find(({ measure }) => measure === 'lost')!.examples) expect(textOf(stories)).toContain(story.replace(/ s /, '\u00a0s '));
  expect(textOf(stories)).toContain('kill struck rabbitmq-2');
  expect(textOf(stories)).toContain('leader rabbitmq-2');
});

test('in the page of one run a message and a fault have their names as addresses; in a suite the run\'s stands before them', () => {
  const ids = (root: Element): readonly string[] => descendants(root).flatMap(({ attributes }) => attributes['id'] ?? []);
  const alone = ids(parseXml(renderRunReport(violatedRun)));
  for (const id of ['message-0:10411', 'fault-leader-kill', 'run-rabbitmq-quorum-confirms-leader-kill--message-0-10411']) expect(alone).toContain(id);
  const many = ids(parseXml(renderSuiteReport({ ...mixedSuite, runs: [violatedRun, { ...violatedRun, repetition: 2 }] })));
  expect(many).toEqual(expect.arrayContaining(['run-rabbitmq-quorum-confirms-leader-kill--fault-leader-kill', 'run-rabbitmq-quorum-confirms-leader-kill-2--message-0-10411']));
  expect(many.filter((id) => /^(message|fault)-/.test(id))).toEqual([]);
});

test('a link to a message stands inside of what it opens, so that browsers open it without a script', () => {
  const root = parseXml(renderRunReport(violatedRun));
  for (const id of ['message-0:10411', 'run-rabbitmq-quorum-confirms-leader-kill--message-0-10411', 'run-rabbitmq-quorum-confirms-leader-kill--examples-processedTwice']) {
    const target = withId(root, id);
    expect(byName(root, 'details').some((details) => details.children.slice(1).some((part) => part === target || descendants(part).includes(target))), id).toBe(true);
  }
});

test('gates are folded when all passed, and open with the failed ones first when not', () => {
  const gatesOf = (run: RunRecord) => byName(withId(articleOf(run), `${articleOf(run).attributes['id']}--gates`), 'details')[0]!;
  expect(gatesOf(upheldRun).attributes['open']).toBeUndefined();
  expect(gatesOf(inconclusiveRun).attributes['open']).toBe('open');
  expect(byName(byName(gatesOf(inconclusiveRun), 'tbody')[0]!, 'tr').slice(0, 2).map((row) => textOf(row.children[0]!))).toEqual(['led-when-struck', 'drain']);
});

test('a loss that was required carries neither the class nor the word of a violation', () => {
  const article = articleOf(requiredRun);
  const band = descendants(article).find(({ attributes }) => attributes['class']?.startsWith('band'))!;
  expect(band.attributes['class']).toBe('band required');
  expect(textOf(band)).toContain('upheld · lost as required');
  expect(byName(article, 'rect').map(({ attributes }) => attributes['fill'])).not.toContain('url(#pattern-lost)');
});

test('only what a safe twin rests on is called its unsafe twin', () => {
  const powerOf = (run: RunRecord): string => textOf(withId(articleOf(run), `${articleOf(run).attributes['id']}--power`));
  expect(powerOf(requiredRun)).toContain('This is the unsafe twin');
  const alone: RunRecord = { ...requiredRun, scenario: { ...requiredRun.scenario, twin: null }, judgement: { ...requiredRun.judgement, power: { twin: null, state: 'is-the-twin', detail: 'this run itself shows that the fault has power' } } };
  expect(powerOf(alone)).toContain('It shows its own power');
  expect(powerOf(alone)).not.toContain('unsafe twin');
});

test('a failed run shows code, message, hint, phase and its log lines, and no empty charts', () => {
  const article = articleOf(failedRun);
  const text = textOf(article);
  for (const part of ['E_BROKER_SETTING', failedRun.error!.message, failedRun.error!.hint!, 'provision', 'Invalid value <b>two</b>']) expect(text).toContain(part);
  expect(byName(article, 'figure')).toEqual([]);
  expect(byName(article, 'h3').map(textOf)).toContain('What was planned');
  expect(text).toContain('1 phase in 8.1 s; not complete: provision');
});

test('a run that was cut off says of its map that it is what was recorded; a whole one does not', () => {
  expect(textOf(articleOf(interruptedRun))).toContain('As far as it was recorded: Every message');
  expect(textOf(articleOf(upheldRun))).not.toContain('As far as it was recorded');
  expect(textOf(articleOf(upheldRun))).toContain('What was done');
});

test('an overridden setting is named with what the user asked for', () => {
  const text = textOf(articleOf(upheldRun));
  expect(text).toContain('1 setting of yours overridden');
  expect(text).toContain('overridden, you asked for “PLAINTEXT://:9092”');
});

test('a timeline without any traffic, fault or phase is still a figure', () => {
  const facts = upheldRun.facts!;
  const empty = sampleRun({ phases: [], facts: { ...facts, faults: [], unavailable: [], leaderChanges: [], series: { binMs: 100, acknowledged: [], delivered: [], failed: [], indeterminate: [] } } });
  expect(textOf(byName(articleOf(empty), 'figcaption')[0]!)).toContain('No fault was injected.');
});

test('a run in which no message was attempted says so, and draws no rates and no accounting of nothing', () => {
  const facts = upheldRun.facts!;
  const none = Object.fromEntries(Object.keys(facts.totals).map((name) => [name, 0])) as unknown as typeof facts.totals;
  const accounting = { ...facts.accounting, baseCount: 0, processed: 0, deadLettered: 0, stuck: 0, lost: 0, unseen: 0 };
  const series = { binMs: 100, acknowledged: [], delivered: [], failed: [], indeterminate: [] };
  const article = articleOf(sampleRun({ facts: { ...facts, totals: none, accounting, series, faults: [], unavailable: [], leaderChanges: [], replicas: [], acknowledgeOverTime: null, endToEndOverTime: null, fateMap: { ...facts.fateMap, rows: [] } } }));
  const text = textOf(article);
  for (const words of ['No publish was attempted.', 'no rates to draw', 'nothing is known of availability', 'Nothing was acknowledged, so there is nothing to account for.', 'nothing to map']) expect(text).toContain(words);
  expect(text).not.toContain('adds up');
  expect(byName(article, 'path').filter(({ attributes }) => attributes['data-values'] !== undefined)).toEqual([]);
});

test('whatever the texts of a record are, the document has the same elements and attributes', () => {
  const shape = (text: string): readonly string[] => descendants(parseXml(renderSuiteReport({ ...mixedSuite, seed: text, command: text, suiteId: text, leaderfall: text, runs: hostileRuns(text), notRunnable: [{ name: text, reason: text }] })))
    .map(({ name, attributes }) => (name === 'span' || name === 'a' ? 'span or link' : `${name} ${Object.keys(attributes).filter((key) => key !== 'class').join(' ')}`));
  const harmless = shape('harmless');
  fc.assert(fc.property(anyText.filter((text) => text !== ''), (text) => { expect(shape(text)).toEqual(harmless); }), { numRuns: 60 });
});

test('the same record gives the same bytes', () => {
  expect(renderSuiteReport(mixedSuite)).toBe(renderSuiteReport(structuredClone(mixedSuite)));
});

test('the largest page that a run can have is made within three seconds of one processor and is well below 10 MB', () => {
  const run = largestRun();
  const idle = process.cpuUsage();
  const source = renderRunReport(run);
  const { user, system } = process.cpuUsage(idle);
  expect((user + system) / 1_000).toBeLessThan(3_000);
  expect(Buffer.byteLength(source)).toBeLessThan(4_000_000);
});

test('a suite of eight stays under 2 MB, also with the longest runs', () => {
  expect(Buffer.byteLength(renderSuiteReport(mixedSuite))).toBeLessThan(2_000_000);
  const bins = 36_000;
  const long = { binMs: 100, acknowledged: Array.from({ length: bins }, (_, index) => index % 977), delivered: Array.from({ length: bins }, (_, index) => index % 911), failed: Array.from({ length: bins }, () => 3), indeterminate: Array.from({ length: bins }, () => 2) };
  const runs = Array.from({ length: 8 }, (_, index) => sampleRun({ repetition: index + 1, durationMs: bins * 100, facts: { ...upheldRun.facts!, series: long } }));
  expect(Buffer.byteLength(renderSuiteReport({ ...upheldSuite, runs }))).toBeLessThan(2_000_000);
});
