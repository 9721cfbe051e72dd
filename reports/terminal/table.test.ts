import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, hostileRuns } from '../testing/hostile.ts';
import { versionSuite } from '../testing/sample-matrix.ts';
import { mixedSuite, repeatedSuite, upheldSuite } from '../testing/sample-records.ts';
import { renderTable } from './table.ts';

test('verdict in sign and word, numbers, and the sentence of what is not upheld', () => {
  const text = renderTable(mixedSuite, { colour: false, width: 140 });
  expect(text).toMatch(/rabbitmq\/quorum-confirms\/leader-kill +✗ violated +41,210 +12 +3 +7\.3 s\n {2}12 acknowledged messages lost/);
  expect(text).toMatch(/kafka\/acks-1\/leader-kill-behind +◆ upheld, lost as required +24,977 +4,977/);
  expect(text).toMatch(/home-node-kill +\? inconclusive.*never\*\n/);
  expect(text).toContain('- kafka/power-loss/all-nodes not run here: needs loop-mounted');
  expect(text).toMatch(/1 more could not run here\.\nLost as contracts require or allow: 5,757 messages in 2 scenarios \(by the broker\)\.\n$/);
});

test('with several versions each line says which, and what does not apply is one line', () => {
  const text = renderTable(versionSuite, { colour: false, width: 140 });
  expect(text).toMatch(/rabbitmq\/quorum-confirms\/leader-kill 4\.0 +✗ violated/);
  expect(text).toContain('- not applicable to the version: kafka/acks-all-elr/last-replica-kill on 3.9, rabbitmq/classic-mirrored/leader-kill on 4.3');
});

test.each([40, 60, 80, 100, 120, 200])('no line is wider than %i columns', (width) => {
  for (const suite of [mixedSuite, upheldSuite, repeatedSuite]) {
    for (const line of renderTable(suite, { colour: true, width }).split('\n')) expect([...stripVTControlCharacters(line)].length).toBeLessThanOrEqual(width);
  }
});

test('without a width nothing is cut: a log keeps whole names and whole sentences', () => {
  const long = `${'a-long-name/'.repeat(12)}leader-kill`;
  const runs = mixedSuite.runs.map((run) => ({ ...run, scenario: { ...run.scenario, name: `${long}-${run.scenario.name}` }, judgement: { ...run.judgement, sentence: `${'many words '.repeat(40)}end` } }));
  const text = renderTable({ ...mixedSuite, runs }, { colour: false, width: Infinity });
  expect(text).not.toContain('…');
  for (const { scenario } of runs) expect(text).toContain(scenario.name);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(`${'many words '.repeat(40)}end`);
});

test('every scenario keeps its verdict word at every width', () => {
  const text = renderTable(mixedSuite, { colour: false, width: 40 });
  for (const word of ['✗ violated', '! failed to run', '? inconclusive', '◆ upheld', '✓ upheld']) expect(text).toContain(word);
});

test('colour adds codes and changes no word', () => {
  const plain = renderTable(mixedSuite, { colour: false, width: 100 });
  const coloured = renderTable(mixedSuite, { colour: true, width: 100 });
  expect(coloured).not.toBe(plain);
  const words = (text: string): string => stripVTControlCharacters(text).replaceAll(/ +$/gm, '');
  expect(words(coloured)).toBe(words(plain));
});

test('no text reaches the terminal as a command', () => {
  fc.assert(fc.property(anyText, (text) => {
    const table = renderTable({ ...mixedSuite, runs: hostileRuns(text), notRunnable: [{ name: text, reason: text }] }, { colour: false, width: 100 });
    expect(table).not.toMatch(/(?!\n)\p{Cc}/u);
  }));
});

test('a suite in which nothing ran still says so', () => {
  expect(renderTable({ ...mixedSuite, runs: [], notRunnable: [] }, { colour: false, width: 80 })).toBe('No scenario ran.\n');
});
