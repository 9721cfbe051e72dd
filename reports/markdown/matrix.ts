// Policy × fault in Markdown: a table for each broker and version, with the glyph, and the worst number in a cell.
import type { SuiteRecord } from '../../harness/model/run-record.ts';
import { matricesOf, versionsUnder, type Matrix, type MatrixCell } from '../summary/matrix.ts';
import { resultGlyphs } from '../summary/result.ts';
import { worstNumber } from '../summary/worst-number.ts';
import { codeSpan, escapeMarkdown } from './escape.ts';

export const matrixTables = (suite: SuiteRecord): string => matricesOf(suite).flatMap((matrix) => matrix.versions.map((_, version) => matrixTable(matrix, version))).join('\n');

/** Rows and columns of which this version has nothing are left out. */
function matrixTable(matrix: Matrix, version: number): string {
  const { heading, versions, faults, rows } = matrix;
  const shown = faults.map((_, fault) => fault).filter((fault) => versionsUnder(matrix, fault).includes(version));
  const head = `| policy | ${shown.map((fault) => escapeMarkdown(faults[fault]!)).join(' | ')} |\n|---|${shown.map(() => '---|').join('')}\n`;
  const body = rows.flatMap(({ policy, negative, hasTwin, cells }) => {
    const own = shown.map((fault) => cells[fault * versions.length + version] ?? null);
    if (own.every((cell) => cell === null)) return [];
    return `| ${codeSpan(policy)}${negative ? `<br>${hasTwin ? 'unsafe twin' : 'must show it'}` : ''} | ${own.map(cellWords).join(' | ')} |\n`;
  });
  return `**${escapeMarkdown(`${heading} ${versions[version]}`.trim())}**\n\n${head}${body.join('')}`;
}

function cellWords(cell: MatrixCell | null): string {
  if (cell === null) return '';
  if (cell.kind !== 'run') return cell.kind === 'not-run' ? 'not run' : 'not applicable';
  const { result, verdict, worst } = cell.summary;
  return `${resultGlyphs[result]} ${verdict}<br>${escapeMarkdown(worstNumber(worst))}`;
}
