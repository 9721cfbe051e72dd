// The parts that every section of a run is set in: a margin heading beside its content, and folded detail.
import { markup, nothing, type Content, type Markup } from './markup.ts';

/** Heading in the margin on wide screens, above the content on narrow ones. */
export function block(heading: string, id: string, content: Content): Markup {
  return markup`<div class="block" id="${id}"><h3>${heading}</h3><div class="content">${content}</div></div>
`;
}

export interface FoldedOptions {
  readonly open?: boolean;
  /** Stands on the content: browsers open what is folded around the target of a link, not the target itself. */
  readonly id?: string;
  /** What it can be filtered by, as attributes of its own. */
  readonly data?: Markup;
}

/** Folded; the summary says what is inside, so that nobody has to open it to know whether to. */
export function folded(summary: Content, content: Content, options: FoldedOptions = {}): Markup {
  const id = options.id === undefined ? nothing : markup` id="${options.id}"`;
  return markup`<details${options.data}${options.open === true ? markup` open="open"` : nothing}><summary>${summary}</summary><div class="folded"${id}>${content}</div></details>
`;
}

/** A number with its exact value for machines. */
export const count = (value: number, text: string): Markup => markup`<data value="${value}">${text}</data>`;

export interface Figure {
  readonly label: string;
  readonly value: Content;
  readonly note?: Content;
  readonly className?: string;
}

/** Key figures in one row. */
export function figures(all: readonly Figure[]): Markup {
  return markup`<dl class="figures">${all.map(({ label, value, note, className }) => markup`<div class="${className ?? 'figure'}"><dt>${label}</dt><dd>${value}${note === undefined ? nothing : markup` <span class="note">${note}</span>`}</dd></div>`)}</dl>
`;
}

/** Label and value pairs as a definition list. */
export function pairs(all: readonly (readonly [string, Content])[]): Markup {
  return markup`<dl class="pairs">${all.map(([label, value]) => markup`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
`;
}
