// Something wider than a narrow screen scrolls in a box of its own; the page does not. The keyboard can reach and scroll it.
import { markup, type Content, type Markup } from './markup.ts';

export const scrollBox = (labelledBy: string, content: Content): Markup =>
  markup`<div class="scroll" role="region" aria-labelledby="${labelledBy}" tabindex="0">${content}</div>`;
