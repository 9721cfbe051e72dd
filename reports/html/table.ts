// Tables: a caption always, row headers, and a stacked form on narrow screens that keeps the table's roles.
import { markup, nothing, type Content, type Markup } from './markup.ts';

interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => Content;
  /** number: right-aligned, tabular figures. code: a name as the machine spells it. name: the widest column. */
  readonly kind?: 'text' | 'number' | 'code' | 'name';
}

export interface TableOptions<Row> {
  readonly caption: Content;
  /** Default true: the caption is for those who cannot see what stands above the table. */
  readonly captionHidden?: boolean;
  /** The first is the row's header. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowClass?: (row: Row) => string;
  readonly rowId?: (row: Row) => string;
  /** What rows can be filtered by, as attributes. */
  readonly rowData?: (row: Row) => Markup;
  /** Rows become blocks below 720 px. Default true where there are more than three columns. */
  readonly stack?: boolean;
}

export function table<Row>(options: TableOptions<Row>): Markup {
  const stack = options.stack ?? options.columns.length > 3;
  const caption = markup`<caption${options.captionHidden === false ? nothing : markup` class="hidden"`}>${options.caption}</caption>`;
  const role = stack ? (name: string): Markup => markup` role="${name}"` : (): Markup => nothing;
  return markup`<table${role('table')}${stack ? markup` class="stack"` : nothing}>${caption}
<thead${role('rowgroup')}><tr${role('row')}>${options.columns.map(({ header, kind }) => markup`<th${role('columnheader')} scope="col"${kindClass(kind)}>${header}</th>`)}</tr></thead>
<tbody${role('rowgroup')}>${options.rows.map((row) => tableRow(row, options, role))}</tbody></table>
`;
}

/** Stacking changes how cells are displayed, and browsers then forget what they are; the roles say it again. */
type Role = (name: string) => Markup;

const kindClass = (kind: string | undefined): Markup => (kind === undefined ? nothing : markup` class="${kind}"`);

function tableRow<Row>(row: Row, { columns, rowClass, rowId, rowData }: TableOptions<Row>, role: Role): Markup {
  const id = rowId === undefined ? nothing : markup` id="${rowId(row)}"`;
  const name = rowClass === undefined || rowClass(row) === '' ? nothing : markup` class="${rowClass(row)}"`;
  return markup`<tr${role('row')}${id}${name}${rowData?.(row)}>${columns.map((column, index) => tableCell(column.cell(row), column, index === 0, role))}</tr>
`;
}

function tableCell<Row>(content: Content, { header, kind }: Column<Row>, isHeader: boolean, role: Role): Markup {
  const { source } = markup`${content}`;
  const classes = kindClass([kind ?? '', hasLongWord(source) ? 'long' : ''].join(' ').trim() || undefined);
  if (isHeader) return markup`<th${role('rowheader')} scope="row"${classes}>${content}</th>`;
  const stacked = role('cell') !== nothing;
  return stacked ? markup`<td role="cell" data-label="${header}"${classes}><span>${content}</span></td>` : markup`<td${classes}>${content}</td>`;
}

/** Only such words may be broken anywhere: a table that may break every word breaks short ones to make room. */
const hasLongWord = (source: string): boolean => /[^\s-]{18}/.test(source.replaceAll(/<[^>]*>/g, ' '));
