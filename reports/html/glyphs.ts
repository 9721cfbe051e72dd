// Verdict marks and fill patterns: shape and pattern carry what colour carries, for those who do not see it.
import { resultWords, type Result } from '../summary/result.ts';
import { markup, nothing, trusted, type Content, type Markup } from './markup.ts';

/** 16 × 16 drawings in `currentColor`: each verdict has its own outline, not only its own colour. */
const drawings: Readonly<Record<Result, string>> = {
  upheld: '<circle cx="8" cy="8" r="7.2" fill="currentColor"/><path d="M4.4 8.3l2.5 2.6 4.8-5.4" fill="none" class="on-mark" stroke="#fff" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>',
  required: '<path d="M8 .4 15.6 8 8 15.6.4 8z" fill="currentColor"/><path d="M5.2 8.2l2 2.1 3.7-4.2" fill="none" class="on-mark" stroke="#fff" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/>',
  violated: '<path d="M4.9.6h6.2l4.3 4.3v6.2l-4.3 4.3H4.9L.6 11.1V4.9z" fill="currentColor"/><path d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" fill="none" class="on-mark" stroke="#fff" stroke-width="1.9" stroke-linecap="round"/>',
  inconclusive: '<circle cx="8" cy="8" r="6.8" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="3 1.9"/><path d="M6 6.2a2 2 0 1 1 2.9 1.9c-.7.4-.9.7-.9 1.4" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"/><circle cx="8" cy="11.7" r="1" fill="currentColor"/>',
  failed: '<path d="M8 1.2 15.4 14.6H.6z" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/><path d="M8 6v4" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/><circle cx="8" cy="12.3" r=".95" fill="currentColor"/>',
  interrupted: '<rect x="1.2" y="1.2" width="13.6" height="13.6" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M6 5v6M10 5v6" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>',
};

/** Glyph and word together; the glyph alone says nothing to a screen reader. */
export function verdictMark(result: Result, words: Content = resultWords[result]): Markup {
  return markup`<span class="mark ${result}">${glyph(result)}<span>${words}</span></span>`;
}

const glyph = (result: Result): Markup => markup`<svg class="glyph" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${trusted(drawings[result])}</svg>`;

/** Yes and no in words, with a sign. */
export const tick = (ok: boolean, words: string): Markup => verdictMark(ok ? 'upheld' : 'violated', words);

type Pattern = 'info' | 'away' | 'lost' | 'asked' | 'stuck' | 'aside' | 'unseen' | 'heal';

/** One definition for all charts of the document. Presentation attributes give a light scheme where style sheets are blocked. */
export const patternDefinitions: Markup = trusted(`<svg width="0" height="0" class="definitions" aria-hidden="true"><defs>
${stripes('info', 45, 5, 2, '#8a5300')}${stripes('away', -45, 8, 2.5, '#8d8577')}${stripes('lost', 45, 6, 3.2, '#a8232f')}
${stripes('asked', 45, 6, 3.2, '#1d5a84')}${stripes('stuck', 90, 5, 2.2, '#8a5300')}${stripes('aside', 0, 6, 2, '#5a626b')}${stripes('heal', 90, 4, 1.2, '#5a626b')}
<pattern id="pattern-unseen" width="6" height="6" patternUnits="userSpaceOnUse"><circle class="stroke-unseen" cx="2" cy="2" r="1.4" fill="#5a626b"/></pattern>
<pattern id="pattern-repeated" width="8" height="6" patternUnits="userSpaceOnUse"><rect class="fate-processed-fill" width="8" height="6" fill="#d8e4ef"/><circle class="stroke-repeated" cx="2" cy="3" r="1.1" fill="#2f6fb0"/><circle class="stroke-repeated" cx="5" cy="3" r="1.1" fill="#2f6fb0"/></pattern>
</defs></svg>
`);

function stripes(name: Pattern, angle: number, gap: number, width: number, colour: string): string {
  return `<pattern id="pattern-${name}" width="${gap}" height="${gap}" patternUnits="userSpaceOnUse" patternTransform="rotate(${angle})"><path class="stroke-${name}" d="M0 0V${gap}" stroke="${colour}" stroke-width="${width}"/></pattern>`;
}

/** A legend's sample: the same class and fill as in the chart. */
export function swatch(className: string, fill: string): Markup {
  return markup`<svg class="swatch" width="20" height="12" viewBox="0 0 20 12" aria-hidden="true"><rect class="${className}" x=".5" y=".5" width="19" height="11" fill="${fill}"/></svg>`;
}

export function lineSwatch(className: string, colour: string, dash: string | null = null): Markup {
  return markup`<svg class="swatch" width="20" height="12" viewBox="0 0 20 12" aria-hidden="true"><path class="${className}" d="M0 6H20" fill="none" stroke="${colour}" stroke-width="2"${dash === null ? null : markup` stroke-dasharray="${dash}"`}/></svg>`;
}

export interface LegendEntry {
  /** What it stands for: the drawn things with this name are its. */
  readonly series: string;
  readonly sample: Markup;
  readonly words: string;
}

/** What the colours and patterns of a chart mean. */
export const legendOf = (entries: readonly LegendEntry[]): Markup =>
  entries.length === 0 ? nothing : markup`<ul class="legend">${entries.map(({ series, sample, words }) => markup`<li data-series="${series}">${sample}${words}</li>`)}</ul>`;
