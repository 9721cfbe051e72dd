// The only way to make HTML here: a tagged template that escapes every interpolated value that is not itself markup.
// The output is also well-formed XML (void elements closed, no named entities), so that tests can parse it strictly.
import { tie } from '../summary/format.ts';
import { plainText } from '../summary/plain-text.ts';

const brand = Symbol('markup');

/** Text that is safe to put into a document as it is. */
export interface Markup {
  readonly [brand]: true;
  readonly source: string;
}

export type Content = Markup | string | number | null | undefined | false | readonly Content[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/** Inert in text and in quoted attributes: no markup, no control or direction-changing characters. */
export const escapeHtml = (text: string): string => plainText(text).replaceAll(/[&<>"'`]/g, (character) => entities[character]!);

/** Interpolated strings and numbers are escaped, arrays are joined, null, undefined and false are nothing. Attributes must be quoted. */
export function markup(literals: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let source = literals[0]!;
  for (const [index, value] of values.entries()) source += contentSource(value) + literals[index + 1]!;
  return trusted(source);
}

/** For text of our own that must not be escaped: style sheets, path data. Never for text from a record. */
export const trusted = (source: string): Markup => ({ [brand]: true, source });

export const nothing: Markup = trusted('');

function contentSource(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return 'source' in value ? value.source : value.map(contentSource).join('');
}

/** At most 80 letters, digits and single hyphens: safe as an id and as a fragment. */
export const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').slice(0, 80).replaceAll(/^-|-$/g, '') || 'unnamed';

/** Sentences for people: a number stays with its unit, and the name of a node or client in one piece; the words stay the same. */
export const prose = (text: string): Markup => markup`${tie(text).split(/(\b[a-z]+-\d+\b)/).map((part, index) => (index % 2 === 1 ? markup`<span class="whole">${part}</span>` : part))}`;

/** Text in which addresses of the web can be followed; the rest is escaped as everywhere. */
export const linked = (text: string): Markup => markup`${text.split(/(https?:\/\/[^\s"'<>`]+[^\s"'<>`.,;:)])/i).map((part, index) => (index % 2 === 1 ? externalLink(part) : part))}`;

/** A link for people to follow; anything but http(s) stays text. Nothing is fetched by it. */
export function externalLink(url: string): Markup {
  const safe = /^https?:\/\/[^\s"'<>`]+$/i.test(url);
  return safe ? markup`<a href="${url}" rel="noopener noreferrer">${url}</a>` : markup`<span>${url}</span>`;
}
