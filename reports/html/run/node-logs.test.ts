import { expect, test } from 'vitest';
import { byName, parseXml, textOf } from '../../testing/parse-xml.ts';
import { upheldRun } from '../../testing/sample-records.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { nodeLogs } from './node-logs.ts';

const strikeMs = upheldRun.facts!.faults[0]!.struckMs!;
const rendered = (run: RunRecord) => parseXml(`<div>${nodeLogs(run, run.facts!).source}</div>`);
const withLogs: RunRecord = { ...upheldRun, faultLogs: [{ fault: 'leader-kill', fromMs: 0, toMs: 1, nodes: [
  { node: 'kafka-2', lines: [{ timeMs: strikeMs - 412, text: 'ERROR <b>not markup</b>' }, { timeMs: strikeMs + 3_041, text: 'WARN gone\n\tat a.stack' }], leftOut: 17, missing: null },
  { node: 'kafka-1', lines: [], leftOut: 0, missing: 'no log of it was kept' },
] }] };

test('the lines of each node are folded under their fault, with their time from the strike; what is not there says so', () => {
  const root = rendered(withLogs);
  expect(textOf(byName(root, 'summary')[0]!)).toContain('leader-kill: kill struck kafka-2 at 12.3 s; 2 entries of kafka-2');
  expect(textOf(byName(root, 'pre')[0]!)).toBe('  −0.412 s  ERROR <b>not markup</b>\n  +3.041 s  WARN gone\n\tat a.stack\n');
  for (const words of ['17 entries of this time left out', 'no log of it was kept']) expect(textOf(root)).toContain(words);
});

test('a run without logs, without faults, or from before there were windows says so', () => {
  const none = { ...withLogs, faultLogs: [{ ...withLogs.faultLogs![0]!, nodes: [withLogs.faultLogs![0]!.nodes[1]!] }], logs: [] };
  expect(textOf(rendered(none))).toContain('No log of a node was kept.');
  expect(byName(rendered(none), 'details')).toEqual([]);
  expect(textOf(rendered({ ...upheldRun, facts: { ...upheldRun.facts!, faults: [] } }))).toContain('No fault was injected');
  const { faultLogs: _, ...older } = withLogs;
  expect(textOf(rendered(older))).toContain('older than windows of logs');
});
