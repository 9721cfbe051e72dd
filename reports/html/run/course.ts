// What was done and how far it came: steps, phases, twin, an error that ended the run, and the limits of the method.
import type { RunError, RunRecord } from '../../../harness/model/run-record.ts';
import { exampleLimit } from '../../../harness/model/facts.ts';
import { formatDuration, formatInstant, formatTimestamp, plural } from '../../summary/format.ts';
import { oneLine, plainText } from '../../summary/plain-text.ts';
import type { Role } from '../../summary/role.ts';
import { describeStep, describeTrigger } from '../../summary/steps.ts';
import { folded, pairs } from '../block.ts';
import { tick, verdictMark } from '../glyphs.ts';
import { externalLink, markup, nothing, type Markup } from '../markup.ts';
import { table } from '../table.ts';

export function steps({ scenario }: RunRecord): Markup {
  const steady = markup`<li>steady traffic first: ${describeTrigger(scenario.steady)}</li>`;
  return markup`<ol class="plain">${steady}${scenario.steps.map((step) => markup`<li>${describeStep(step)}</li>`)}</ol>`;
}

/** The last lines of a log are what explains a failure; more than this is not read. */
const detailLimit = 120;

export function runError(error: RunError): Markup {
  const lines = plainText(error.detail ?? '').split('\n');
  const cut = lines.length > detailLimit ? markup`<p class="muted">The last ${detailLimit} of ${lines.length} lines.</p>` : nothing;
  return markup`${pairs([['code', markup`<code>${error.code}</code>`], ['phase', error.phase ?? 'outside any phase'], ['what happened', error.message], ...(error.hint === null ? [] : [['what to do', error.hint] as const])])}
${error.detail === null ? nothing : markup`${cut}<pre>${lines.slice(-detailLimit).join('\n')}</pre>`}`;
}

export function phaseTable({ phases, durationMs }: RunRecord): Markup {
  if (phases.length === 0) return markup`<p>No phase began.</p>`;
  const failed = phases.filter(({ ok }) => !ok).map(({ phase }) => phase);
  const body = table({
    caption: 'Phases of the run', rows: phases, rowClass: ({ ok }) => (ok ? '' : 'bad'),
    columns: [
      { header: 'phase', cell: ({ phase }) => phase },
      { header: 'began', kind: 'number', cell: ({ beginMs }) => formatInstant(beginMs) },
      { header: 'took', kind: 'number', cell: ({ beginMs, endMs }) => formatDuration(endMs - beginMs) },
      { header: 'result', cell: ({ ok }) => (ok ? verdictMark('upheld', 'complete') : verdictMark('failed', 'not complete')) },
      { header: 'detail', cell: ({ detail }) => detail },
    ],
  });
  const words = failed.length === 0 ? `${plural(phases.length, 'phase')} in ${formatDuration(durationMs)}, all complete` : `${plural(phases.length, 'phase')} in ${formatDuration(durationMs)}; not complete: ${failed.join(', ')}`;
  return folded(words, body, { open: failed.length > 0 });
}

/** One that must show something and is nobody's twin proves its power itself, or not. */
function powerWords({ judgement: { power: { state }, verdict } }: RunRecord, role: Role): string {
  switch (state) {
    case 'shown': return 'Power shown';
    case 'not-shown': return 'Power not shown';
    case 'untested': return 'Power untested';
    case 'is-the-twin': return role === 'unsafe-twin' ? 'This is the unsafe twin' : verdict === 'upheld' ? 'It shows its own power' : 'It has to show its own power';
  }
}

/** `twinLink` is where the twin's section is in this document, or null. */
export function power(run: RunRecord, { twinLink, role }: { readonly twinLink: string | null; readonly role: Role }): Markup {
  const { twin, state, detail } = run.judgement.power;
  const words = powerWords(run, role);
  const mark = state === 'shown' ? tick(true, words) : state === 'not-shown' ? verdictMark('inconclusive', words) : markup`<strong>${words}</strong>`;
  const name = twin === null ? nothing : markup` · twin: ${twinLink === null ? markup`<code>${twin}</code>` : markup`<a href="#${twinLink}"><code>${twin}</code></a>`}`;
  return markup`<p>${mark}${name}</p><p class="muted">${detail}</p>`;
}

export function method({ facts, scenario, startedAt }: RunRecord): Markup {
  const base = facts?.accounting.base ?? 'acknowledged';
  const notes = [
    base === 'handed over' ? 'This policy has no acknowledgements, so loss is counted of what was handed over to the client without error.' : 'Loss is counted of what the broker acknowledged to the client under test.',
    'A message counts as lost when its handler never finished and no consumer would still get it; what the broker holds was read with another client library than the one under test.',
    `Every time in this section is in seconds since this run began (${formatTimestamp(startedAt)}), before its cluster was made ready. Progress in the terminal counts from the beginning of the whole suite.`,
    'What may or may not have happened is never counted as lost or as safe.',
    `Counts are complete; examples are capped at ${exampleLimit} a measure, spread over all that were found. The same seed gives the same plan, not the same interleaving.`,
  ];
  const { conditions } = facts ?? {};
  const limits = conditions === undefined ? [] : [`Drain: ${conditions.drainDetail}`, `Audit: ${conditions.auditDetail}`, `History: ${conditions.historyDetail}`, ...conditions.deadWorkers.map((worker) => `Worker that died by itself: ${worker}`)];
  return markup`<ul class="plain">${[...notes, ...limits].map((note) => markup`<li>${oneLine(note)}</li>`)}</ul>
${scenario.sources.length === 0 ? nothing : markup`<p>What the vendor says: ${scenario.sources.map((source, index) => markup`${index === 0 ? '' : ', '}${externalLink(source)}`)}</p>`}`;
}

export function reproduce(run: RunRecord): Markup {
  return markup`<code class="command">${run.reproduce}</code><p class="muted">Seed <code>${run.seed}</code>, run <code>${run.runId}</code>. It plays the same plan again, not the same interleaving: repeat it to learn how often this happens.</p>
${run.logs.length === 0 ? nothing : folded('Logs beside this report', markup`<ul class="plain">${run.logs.map((log) => markup`<li><code>${log}</code></li>`)}</ul>`)}`;
}
