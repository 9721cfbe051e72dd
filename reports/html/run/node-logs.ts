// What the nodes themselves said around each fault, folded under it.
import type { FaultFact, Facts } from '../../../harness/model/facts.ts';
import type { FaultLog, NodeLog } from '../../../harness/model/node-logs.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { formatInstant, listWords, plural } from '../../summary/format.ts';
import { folded } from '../block.ts';
import { markup, nothing, type Markup } from '../markup.ts';

export function nodeLogs({ faultLogs, logs }: RunRecord, { faults }: Facts): Markup {
  if (faults.length === 0) return markup`<p>No fault was injected, so nothing was cut from the logs.</p>`;
  if (faultLogs === undefined) return markup`<p>This record is older than windows of logs; <code>leaderfall report</code> makes them where the logs are in the run’s folder.</p>`;
  const whole = logs.length === 0 ? 'No log of a node was kept.' : 'The whole logs are beside this report.';
  return markup`<p class="muted">From 5 s before each fault to 10 s after its strike, of the nodes that were struck and of those that led next. Times count from the strike, by the nodes’ own clocks. ${whole}</p>
${faultLogs.map((log) => faultLog(log, faults.find(({ id }) => id === log.fault)))}`;
}

function faultLog({ fault: id, nodes }: FaultLog, fault: FaultFact | undefined): Markup {
  const what = fault === undefined ? id : `${id}: ${fault.fault} ${fault.struckMs === null ? 'did not strike' : `struck ${listWords(fault.nodes)} at ${formatInstant(fault.struckMs)}`}`;
  if (nodes.length === 0) return markup`<p>${what}; it strikes no node, so no log is shown.</p>`;
  const told = nodes.filter(({ lines }) => lines.length > 0);
  if (told.length === 0) return markup`<p>${what}. ${nodes.map(({ node, missing }) => `${node}: ${missing ?? 'nothing'}`).join('; ')}.</p>`;
  const strikeMs = fault?.struckMs ?? fault?.beginMs ?? 0;
  const lines = told.reduce((sum, node) => sum + node.lines.length, 0);
  return folded(`${what}; ${plural(lines, 'entry', 'entries')} of ${listWords(told.map(({ node }) => node))}`, nodes.map((node) => nodeLog(node, strikeMs)));
}

function nodeLog({ node, lines, leftOut, missing }: NodeLog, strikeMs: number): Markup {
  if (missing !== null) return markup`<p><strong>${node}</strong>: ${missing}.</p>`;
  const rest = leftOut === 0 ? nothing : markup` <span class="muted">${plural(leftOut, 'entry', 'entries')} of this time left out; warnings, errors and what is about leaders come first, repetitions last.</span>`;
  return markup`<p><strong>${node}</strong>${rest}</p><pre class="log">${lines.map(({ timeMs, text }) => `${sinceStrike(timeMs - strikeMs)}  ${text}\n`)}</pre>`;
}

/** `−0.412 s`, `+3.041 s`: of one width. */
const sinceStrike = (ms: number): string => `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1000).toFixed(3)} s`.padStart(10);
