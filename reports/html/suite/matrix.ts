// Policy × fault as a table for each broker: verdict in sign and word, and the worst number, for each version.
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { formatCount, listWords, plural } from '../../summary/format.ts';
import { versionsUnder, type Matrix, type MatrixCell, type MatrixRow } from '../../summary/matrix.ts';
import { worstNumber } from '../../summary/worst-number.ts';
import { verdictMark } from '../glyphs.ts';
import { markup, nothing, slug, type Content, type Markup } from '../markup.ts';
import { scrollBox } from '../scroll-box.ts';

export type LinkOf = (run: RunRecord) => string;

export function matrixSection(matrix: Matrix, linkOf: LinkOf): Markup {
  const { heading, versions, rows, faults } = matrix;
  // One scenario on one version is no matrix: the list has it.
  if (rows.length * faults.length * versions.length === 1) return nothing;
  const id = `matrix-${slug(heading)}`;
  const versionWords = versions.length > 1 ? `, on ${listWords(versions)}` : versions[0] === undefined || versions[0] === '' ? '' : ` ${versions[0]}`;
  return markup`<section class="overview" id="${id}"><h2 id="${id}--name">${heading}${versionWords}</h2><p class="note">${captionOf(matrix)}</p>
${scrollBox(`${id}--name`, matrixTable(matrix, linkOf))}</section>
`;
}

function matrixTable(matrix: Matrix, linkOf: LinkOf): Markup {
  const { faults, versions, rows } = matrix;
  const split = versions.length > 1;
  const under = faults.map((_, fault) => versionsUnder(matrix, fault));
  const faultHeads = faults.map((fault, index) => markup`<th scope="${split ? 'colgroup' : 'col'}"${split ? markup` colspan="${under[index]!.length}" class="group"` : nothing}>${words(fault)}</th>`);
  const versionHeads = split ? markup`<tr>${under.map((shown) => shown.map((version, index) => markup`<th scope="col"${edge(index)}>${versions[version]}</th>`))}</tr>` : nothing;
  return markup`<table class="matrix"><caption class="hidden">${matrix.heading}: verdict and worst number of each policy under each fault</caption>
<thead><tr><th scope="col"${split ? markup` rowspan="2"` : nothing}>policy</th>${faultHeads}</tr>${versionHeads}</thead>
<tbody>${rows.map((row) => matrixRow(row, versions.length, under, linkOf))}</tbody></table>`;
}

/** Where a fault's columns begin. */
const edge = (index: number): Markup => (index === 0 ? markup` class="group"` : nothing);

/** Hyphens may break: a column need not be as wide as its name. */
const words = (name: string): Content => name.split('-').map((part, index) => (index === 0 ? part : markup`-<wbr/>${part}`));

function captionOf({ rows, faults }: Matrix): string {
  const negative = rows.filter((row) => row.negative && row.hasTwin).length;
  const twins = negative === 0 ? '' : ` ${negative === 1 ? 'One of them is an unsafe twin, which' : `${formatCount(negative)} of them are unsafe twins, which`} must lose or repeat under the same steps, or the safe result beside it would prove nothing.`;
  return `${plural(rows.length, 'policy', 'policies')} by ${plural(faults.length, 'fault')}.${twins}${rows.some(({ cells }) => cells.includes(null)) ? ' An empty cell has no scenario.' : ''}`;
}

function matrixRow({ policy, negative, hasTwin, cells }: MatrixRow, versionCount: number, under: readonly (readonly number[])[], linkOf: LinkOf): Markup {
  const note = negative ? markup`<span class="note">${hasTwin ? 'unsafe twin' : 'must show it'}</span>` : nothing;
  const shown = under.map((versions, fault) => versions.map((version, index) => matrixCell(cells[fault * versionCount + version]!, index === 0, linkOf)));
  return markup`<tr${negative ? markup` class="negative"` : nothing}><th scope="row">${words(policy)}${note}</th>${shown}</tr>
`;
}

export function matrixCell(cell: MatrixCell | null, isFirst: boolean, linkOf: LinkOf): Markup {
  const group = isFirst ? ' group' : '';
  if (cell === null) return markup`<td class="none${group}"></td>`;
  if (cell.kind !== 'run') return markup`<td class="left-out${group}"><span class="cell-head">${cell.kind === 'not-run' ? 'not run' : 'not applicable'}</span><span class="note">${cell.reason}</span></td>`;
  const { summary } = cell;
  const { worst, result, verdict } = summary;
  return markup`<td class="cell ${result}${group}"><a class="cell-head" href="#${linkOf(worst)}"><span class="hidden">${summary.name} ${summary.version}: </span>${verdictMark(result, verdict)}</a><span class="worst">${worstNumber(worst)}</span></td>`;
}
