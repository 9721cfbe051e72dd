// Policy × fault in Markdown: a row for each policy under each fault, a column for each version, with the glyph and the worst number.
import type { SuiteRecord } from '../../harness/model/run-record.ts';
import { matricesOf, type Matrix, type MatrixCell } from '../summary/matrix.ts';
import { entriesUnder, type MatrixEntry } from '../summary/matrix-entries.ts';
import { resultGlyphs } from '../summary/result.ts';
import { roleWords } from '../summary/role.ts';
import { worstNumber } from '../summary/worst-number.ts';
import { codeSpan, escapeMarkdown } from './escape.ts';

export const matrixTables = (suite: SuiteRecord): string => matricesOf(suite).map(matrixTable).join('\n');

function matrixTable(matrix: Matrix): string {
  const { heading, versions, faults } = matrix;
  const several = versions.length > 1;
  const columns = several ? versions : ['outcome'];
  const head = `| fault | policy | ${columns.map(escapeMarkdown).join(' | ')} |\n|---|---|${columns.map(() => '---|').join('')}\n`;
  const body = faults.flatMap((fault, index) => entriesUnder(matrix, index).map((entry, nth) => {
    const cells = several ? versions.map((version) => entry.cells.find((own) => own.version === version)?.cell ?? null) : [entry.cells[0]!.cell];
    return `| ${nth === 0 ? escapeMarkdown(fault) : ''} | ${policyWords(entry)} | ${cells.map(cellWords).join(' | ')} |\n`;
  }));
  return `**${escapeMarkdown(several ? heading : `${heading} ${versions[0] ?? ''}`.trim())}**\n\n${head}${body.join('')}`;
}

const policyWords = ({ policy, role }: MatrixEntry): string => `${codeSpan(policy)}${role === 'safe' ? '' : `<br>${roleWords[role]}`}`;

function cellWords(cell: MatrixCell | null): string {
  if (cell === null) return '';
  if (cell.kind !== 'run') return cell.kind === 'not-run' ? 'not run' : 'not applicable';
  const { result, verdict, worst } = cell.summary;
  return `${resultGlyphs[result]} ${verdict}<br>${escapeMarkdown(worstNumber(worst))}`;
}
