// What any renderer may print of a text that it did not write: no terminal codes, no control or direction-changing characters.
import { stripVTControlCharacters } from 'node:util';

/** C0 and C1 controls except tab and newline, marks that reorder text on screen, and code points that XML forbids. */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;
const kept: ReadonlySet<string> = new Set(['\t', '\n']);
const replacement = '\ufffd';

/** The same text with everything unprintable shown as U+FFFD; line ends become `\n`. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(unprintable, (character) => (kept.has(character) ? character : replacement));
}

export const oneLine = (text: string): string => plainText(text).replaceAll(/\s+/g, ' ').trim();

/** At most `length` characters, the cut shown; counts code points, so that no pair is split. */
export function truncate(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`;
}
