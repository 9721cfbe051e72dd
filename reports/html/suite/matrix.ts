// Policy × fault for each broker, by family of faults: a row for each fault, in it every policy that met it, twins side by side.
// Most policies meet few faults, so that a grid of all with all would be nearly empty and wider than any screen.
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { familyWords, type Family } from '../../summary/families.ts';
import { listWords, plural } from '../../summary/format.ts';
import type { Matrix, MatrixCell } from '../../summary/matrix.ts';
import { entriesUnder, type MatrixEntry } from '../../summary/matrix-entries.ts';
import { roleWords } from '../../summary/role.ts';
import { worstNumber } from '../../summary/worst-number.ts';
import { verdictMark } from '../glyphs.ts';
import { markup, nothing, slug, type Content, type Markup } from '../markup.ts';
import { attributesOf, filterData } from './filter-data.ts';

export type LinkOf = (run: RunRecord) => string;

export function matrixSection(matrix: Matrix, linkOf: LinkOf): Markup {
  const { heading, versions, rows, faults } = matrix;
  // One scenario on one version is no matrix: the list has it.
  if (rows.length * faults.length * versions.length === 1) return nothing;
  const id = `matrix-${slug(heading)}`;
  const versionWords = versions.length > 1 ? `, on ${listWords(versions)}` : versions[0] === undefined || versions[0] === '' ? '' : matrix.broker === 'memory' ? ', the embedded broker' : ` ${versions[0]}`;
  const families = [...Map.groupBy(faults.map((fault, index) => ({ fault, index })), ({ index }) => matrix.families[index]!)];
  return markup`<section class="overview" id="${id}"><h2>${heading}${versionWords}</h2><p class="note">${captionOf(matrix)}</p>
${families.toSorted(([a], [b]) => order(a) - order(b)).map(([family, own]) => familyTable(matrix, family, own.map(({ index }) => index), linkOf))}</section>
`;
}

const order = (family: Family): number => Object.keys(familyWords).indexOf(family);

function familyTable(matrix: Matrix, family: Family, faults: readonly number[], linkOf: LinkOf): Markup {
  return markup`<table class="matrix" role="table"><caption><span class="hidden">${matrix.heading}: </span>${familyWords[family]}</caption>
<thead role="rowgroup" class="hidden"><tr role="row"><th role="columnheader" scope="col">fault</th><th role="columnheader" scope="col">policies</th></tr></thead>
<tbody role="rowgroup">${faults.map((fault) => faultRow(matrix, fault, linkOf))}</tbody></table>
`;
}

const faultRow = (matrix: Matrix, fault: number, linkOf: LinkOf): Markup =>
  markup`<tr role="row"><th role="rowheader" scope="row">${words(matrix.faults[fault]!)}</th><td role="cell"><ul class="cells">${entriesUnder(matrix, fault).map((entry) => card(entry, matrix.families[fault]!, linkOf))}</ul></td></tr>
`;

/** Hyphens may break: a name need not be as wide as it is long. */
const words = (name: string): Content => name.split('-').map((part, index) => (index === 0 ? part : markup`-<wbr/>${part}`));

function captionOf({ rows, faults }: Matrix): string {
  const hasTwins = rows.some(({ cells }) => cells.some((cell) => cell?.kind === 'run' && cell.role === 'unsafe-twin'));
  const twins = hasTwins ? ' An unsafe twin must lose or repeat under the same steps, or the safe result beside it would prove nothing.' : '';
  return `${plural(rows.length, 'policy', 'policies')} by ${plural(faults.length, 'fault')}.${twins} What a policy never met is not shown.`;
}

function card(entry: MatrixEntry, family: Family, linkOf: LinkOf): Markup {
  const { policy, role, cells, result } = entry;
  const note = role === 'safe' ? nothing : markup` <span class="twin">${roleWords[role]}</span>`;
  return markup`<li class="${result === null ? 'left-out' : `cell ${result}`}"${cardData(entry, family)}><span class="policy${role === 'unsafe-twin' ? ' negative' : ''}">${words(policy)}</span>${note}${cells.map(({ version, cell }) => outcome(cell, version, linkOf))}</li>`;
}

/** With the verdict of its worst version, and the families of all its faults. */
function cardData({ cells, result }: MatrixEntry, family: Family): Markup {
  const worst = cells.flatMap(({ cell }) => (cell.kind === 'run' && cell.summary.result === result ? [cell.summary.worst] : []))[0];
  if (worst !== undefined && result !== null) return filterData(worst, result);
  return attributesOf(cells.some(({ cell }) => cell.kind === 'not-run') ? 'not run' : 'not applicable', [family]);
}

/** `version`: empty where there is one only. */
function outcome(cell: MatrixCell, version: string, linkOf: LinkOf): Markup {
  const on = version === '' ? nothing : markup` <span class="version">${version}</span>`;
  if (cell.kind !== 'run') return markup` <span class="outcome"><strong>${cell.kind === 'not-run' ? 'not run' : 'not applicable'}</strong>${on} <span class="note">${cell.reason}</span></span>`;
  const { worst, result, verdict, name } = cell.summary;
  return markup` <span class="outcome"><a href="#${linkOf(worst)}"><span class="hidden">${name}: </span>${verdictMark(result, verdict)}${on}</a> <span class="worst">${worstNumber(worst)}</span></span>`;
}
