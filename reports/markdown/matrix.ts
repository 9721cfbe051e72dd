// Policy × fault in Markdown: a table for each broker and version, with the glyph, and the worst number in a cell.
import type { SuiteRecord } from '../../harness/model/run-record.ts';
import { matricesOf, type Matrix, type MatrixCell } from '../summary/matrix.ts';
import { resultGlyphs } from '../summary/result.ts';
import { worstNumber } from '../summary/worst-number.ts';
import { codeSpan, escapeMarkdown } from './escape.ts';

export const matrixTables = (suite: SuiteRecord): string => matricesOf(suite).flatMap((matrix) => matrix.versions.map((_, version) => matrixTable(matrix, version))).join('\n');

function matrixTable({ heading, versions, faults, rows }: Matrix, version: number): string {
  const head = `| policy | ${faults.map((fault) => escapeMarkdown(fault)).join(' | ')} |\n|---|${faults.map(() => '---|').join('')}\n`;
  const body = rows.map(({ policy, negative, cells }) => {
    const own = faults.map((_, fault) => cellWords(cells[fault * versions.length + version] ?? null));
    return `| ${codeSpan(policy)}${negative ? '<br>unsafe twin' : ''} | ${own.join(' | ')} |\n`;
  });
  return `**${escapeMarkdown(`${heading} ${versions[version]}`.trim())}**\n\n${head}${body.join('')}`;
}

function cellWords(cell: MatrixCell | null): string {
  if (cell === null) return '';
  if (cell.kind !== 'run') return cell.kind === 'not-run' ? 'not run' : 'not applicable';
  const { result, verdict, worst } = cell.summary;
  return `${resultGlyphs[result]} ${verdict}<br>${escapeMarkdown(worstNumber(worst))}`;
}
