import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SuiteRecord } from '../../../harness/model/run-record.ts';
import { anyText, withText } from '../../testing/hostile.ts';
import { byName, descendants, parseXml, textOf, type Element } from '../../testing/parse-xml.ts';
import { versionSuite } from '../../testing/sample-matrix.ts';
import { upheldRun, upheldSuite } from '../../testing/sample-records.ts';
import { renderSuiteReport } from '../report.ts';

const root = parseXml(renderSuiteReport(versionSuite));
const withId = (id: string, within = root): Element => descendants(within).find(({ attributes }) => attributes['id'] === id)!;
const kafka = withId('matrix-kafka');

test('every cell says its verdict in words, its number, and leads to its run', () => {
  const outcomes = descendants(kafka).filter(({ attributes }) => attributes['class'] === 'outcome');
  const run = outcomes.filter((outcome) => byName(outcome, 'a').length > 0);
  expect(run).toHaveLength(14);
  const sections = new Set(byName(root, 'article').map(({ attributes }) => attributes['id']));
  for (const outcome of run) {
    expect(textOf(outcome)).toMatch(/(upheld|violated|inconclusive)/);
    expect(sections).toContain(byName(outcome, 'a')[0]!.attributes['href']!.slice(1));
  }
  expect(new Set(run.map((outcome) => byName(outcome, 'a')[0]!.attributes['href'])).size).toBe(14);
});

test('under a fault the unsafe twin follows its safe partner, and says that it must lose and what it lost', () => {
  const row = byName(kafka, 'tr').find((each) => textOf(each.children[0]!) === 'leader-kill-behind')!;
  const cards = byName(row, 'li');
  expect(cards.map((card) => textOf(card.children[0]!))).toEqual(['acks-all', 'acks-1']);
  expect(textOf(cards[1]!)).toContain('unsafe twin');
  expect(textOf(cards[1]!)).toContain('must lose: lost 4,977 of 4,977 exposed');
});

test('a table for each family of faults has a row for each fault, and in a row only versions that have anything', () => {
  expect(byName(kafka, 'caption').map(textOf)).toEqual(['No faultkafka: ', 'Processeskafka: ', 'Clientskafka: ', 'Otherkafka: ']);
  const versionsOf = (fault: string) => descendants(byName(kafka, 'tr').find((row) => textOf(row.children[0]!) === fault)!).filter(({ attributes }) => attributes['class'] === 'version').map(textOf);
  expect([versionsOf('leader-kill'), versionsOf('last-replica-kill')]).toEqual([['3.9', '4.1', '4.3'], ['3.9', '4.1']]);
});

test('not applicable and not run are words with a reason, not gaps', () => {
  expect(textOf(withId('matrix-rabbitmq'))).toMatch(/not applicable4\.3mirrored classic queues were removed in 4\.0/);
  expect(textOf(kafka)).toMatch(/not run4\.1needs loop-mounted data directories/);
  expect(textOf(withId('not-applicable'))).toContain('3.9eligible leader replicas came with 4.0 (KIP-966)');
});

test('client truth is a section of its own that names each client first', () => {
  const rows = byName(byName(withId('client-truth'), 'tbody')[0]!, 'tr');
  expect(rows.map((row) => textOf(byName(row, 'strong')[0]!))).toEqual(['@platformatic/kafka 2.12.1', 'kafkajs 2.2.4']);
  expect(textOf(rows[1]!)).toContain('by the client');
  expect(byName(root, 'table').filter(({ attributes }) => attributes['class'] === 'matrix').map(textOf).join()).not.toContain('client-truth');
});

test('one scenario alone has no matrix', () => {
  expect(byName(parseXml(renderSuiteReport({ ...upheldSuite, runs: [upheldRun] })), 'section')).toEqual([]);
});

test('a version condition stands beside its clause with its reason; where it names none, below', () => {
  const contract = withId('run-kafka-acks-all-elr-last-replica-kill-on-4-1--contract');
  const lost = byName(contract, 'tr').find((row) => textOf(row.children[0]!) === 'lost')!;
  expect(textOf(lost)).toContain('On 4.1: on by default for new clusters, see ');
  expect(byName(lost, 'a').at(-1)!.attributes['href']).toBe('https://kafka.apache.org/41/operations/eligible-leader-replicas/');
  expect(byName(contract, 'li').map(textOf)).toEqual(['The contract is conditioned on the version. On 4.1: measured: the broker answers later here', 'Only kafka 4.1 and 4.3 has this policy: eligible leader replicas came with 4.0 (KIP-966)']);
});

test('a large suite has its worst runs in full and the others in brief, and says where the rest is', () => {
  const [id] = [versionSuite.runs.at(-1)!.runId];
  const suite: SuiteRecord = { ...versionSuite, folders: { [id]: '../last run/é' } };
  const articles = byName(parseXml(renderSuiteReport(suite)), 'article');
  const isFull = (article: Element): boolean => descendants(article).some(({ attributes }) => attributes['id']?.endsWith('--configuration') === true);
  expect(articles.map(isFull)).toEqual(articles.map((_, index) => index < 16));
  expect(byName(articles.at(-1)!, 'a').map(({ attributes }) => attributes['href'])).toContain('./../last%20run/%C3%A9/report.html');
});

test('150 runs stay under 5 MB', () => {
  const runs = Array.from({ length: 150 }, (_, index) => ({ ...upheldRun, runId: String(index), scenario: { ...upheldRun.scenario, name: `kafka/policy-${index % 50}/fault-${Math.floor(index / 50)}` } }));
  expect(Buffer.byteLength(renderSuiteReport({ ...upheldSuite, runs }))).toBeLessThan(5_000_000);
});

test('reasons, versions and titles are inert in the matrix', { timeout: 60_000 }, () => {
  const shape = (text: string): readonly string[] => {
    const runs = [...versionSuite.runs.slice(0, 4), ...versionSuite.runs.slice(-2)].map((run) => {
      const { scenario: { producer, consumer, ...scenario }, ...changed } = withText(run, text);
      const { name, cluster, producer: { driver: produces }, consumer: { driver: consumes } } = run.scenario;
      // Rows stand in the order of names and of drivers; a text that is part of a driver's name, as "s" is of kafkajs, would choose another row.
      return { ...changed, scenario: { ...scenario, name, cluster, producer: { ...producer, driver: produces }, consumer: { ...consumer, driver: consumes } } };
    });
    const suite = { ...versionSuite, runs, notApplicable: versionSuite.notApplicable.map((each) => ({ ...each, reason: text })), notRunnable: versionSuite.notRunnable.map((each) => ({ ...each, reason: text })) };
    return descendants(parseXml(renderSuiteReport(suite))).map(({ name }) => (name === 'span' || name === 'a' ? 'span or link' : name));
  };
  const harmless = shape('harmless');
  fc.assert(fc.property(anyText.filter((text) => text.trim() !== '' && !text.includes('http') && !/;\s/.test(text)), (text) => { expect(shape(text)).toEqual(harmless); }), { numRuns: 5, examples: [['s']] });
});
