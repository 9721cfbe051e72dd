// What the first screen must say of what is not as it should be: which scenario, what was lost, why and by whom.
import { formatCount } from '../../summary/format.ts';
import type { ScenarioSummary } from '../../summary/summarise.ts';
import { verdictMark } from '../glyphs.ts';
import { markup, nothing, prose, type Markup } from '../markup.ts';
import type { LinkOf } from './matrix.ts';

const headlineLimit = 3;

/** `rows`: worst first. */
export function headlines(rows: readonly ScenarioSummary[], linkOf: LinkOf): Markup {
  const bad = rows.filter(({ result }) => result !== 'upheld' && result !== 'required');
  if (bad.length === 0) return nothing;
  const more = bad.length - headlineLimit;
  return markup`<ul class="headlines">${bad.slice(0, headlineLimit).map((row) => markup`<li>${verdictMark(row.result, row.verdict)} <a href="#${linkOf(row.worst)}">${row.name}${row.version === '' ? nothing : ` on ${row.version}`}</a> <span class="says">${prose(row.sentence)}${row.lostBy === '' ? nothing : ` Lost ${row.lostBy}.`}</span></li>`)}</ul>${more > 0 ? markup`<p class="muted">And ${formatCount(more)} more below.</p>` : nothing}
`;
}
