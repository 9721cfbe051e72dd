import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../testing/hostile.ts';
import { versionSuite } from '../testing/sample-matrix.ts';
import { failedRun, inconclusiveRun, mixedSuite, requiredRun, upheldSuite } from '../testing/sample-records.ts';
import { codeBlock, codeSpan, escapeMarkdown } from './escape.ts';
import { renderRunMarkdown, renderSuiteMarkdown } from './markdown.ts';

test('escaped text is one line without markup, mentions or table cells of its own', () => {
  fc.assert(fc.property(anyText, (text) => {
    const escaped = escapeMarkdown(text);
    expect(escaped).not.toMatch(/[\n<>@|]/);
    expect(escaped.replaceAll(/\\.|&(?:#\d+|\w+);/g, '')).not.toMatch(/[`*_[\]#]/u);
    expect(escaped).not.toMatch(/:\/\//);
  }));
});

test('a code span cannot be left, nor a block closed from inside', () => {
  expect(codeSpan('kafka/acks-all/leader-kill')).toBe('`kafka/acks-all/leader-kill`');
  expect(codeSpan('a`b|c')).toBe('a\\`b&#124;c');
  fc.assert(fc.property(anyText, (text) => {
    const [fence, ...rest] = codeBlock(text).trimEnd().split('\n');
    const ticks = fence!.replace('text', '');
    expect(rest.slice(0, -1).some((line) => line.trim().startsWith(ticks))).toBe(false);
    expect(rest.at(-1)).toBe(ticks);
  }));
});

test('the table has a row for each scenario, all with the same number of cells', () => {
  const text = renderSuiteMarkdown(mixedSuite);
  const rows = text.slice(0, text.indexOf('| faults |')).split('\n').filter((line) => line.startsWith('|'));
  expect(rows).toHaveLength(2 + mixedSuite.runs.length);
  expect(new Set(rows.map((row) => row.split('|').length))).toEqual(new Set([9]));
});

test('policies under each fault with a column for each version, every row with the same number of cells', () => {
  const text = renderSuiteMarkdown(versionSuite);
  expect(text).toContain('**kafka**\n\n| fault | policy | 3.9 | 4.1 | 4.3 |\n');
  expect(text).toContain('| `acks-1`<br>unsafe twin |');
  expect(text).toContain('◆ upheld<br>must lose: lost 4,977 of 4,977 exposed');
  expect(text).toContain('## ✗ `rabbitmq/quorum-confirms/leader-kill` on rabbitmq 4.0: violated');
  expect(text).toContain('- `rabbitmq/classic-mirrored/leader-kill` on 4.3: mirrored classic queues were removed in 4.0');
  const rows = text.slice(text.indexOf('**kafka**'), text.indexOf('**rabbitmq**')).split('\n').filter((line) => line.startsWith('|'));
  expect(new Set(rows.map((row) => row.split('|').length))).toEqual(new Set([7]));
  expect(rows.filter((row) => row.includes('`commit-before`'))).toEqual([expect.stringMatching(/^\| consumer-crash \| `commit-before`<br>must show it \| {2}\| {2}\| ◆ upheld/)]);
});

test('what is not upheld is told in full: clauses, gates, error, command', () => {
  const text = renderSuiteMarkdown(mixedSuite);
  for (const part of ['- **lost** violated: 12, expected forbidden', '- gate **drain** failed', 'What to do: Mend', 'Reproduce:', 'Not run here:']) expect(text).toContain(part);
  expect(text).not.toContain('<script>alert(1)</script>/');
  expect(renderSuiteMarkdown(upheldSuite)).not.toContain('Reproduce:');
});

test('one run: verdict, sentence and reasons', () => {
  expect(renderRunMarkdown(requiredRun)).toMatch(/^# ◆ `kafka\/acks-1\/leader-kill-behind`: upheld \(lost as required\)/);
  expect(renderRunMarkdown(requiredRun)).toContain('| measure | expected | predicted | actual |\n|---|---|---|---|\n| lost | exactly the exposed | 5,000: exactly what only the leader had | 4,977 (all exposed, and all of the exposed) |\n');
  expect(renderRunMarkdown(inconclusiveRun)).not.toContain('predicted');
  expect(renderRunMarkdown(inconclusiveRun)).toContain('gate **led-when-struck** failed');
  expect(renderRunMarkdown(failedRun)).toContain('E\\_BROKER\\_SETTING');
});
