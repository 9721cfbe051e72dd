// Text in Markdown that stays text: no markup, no links, no mentions, no new table cells.
import { oneLine, plainText } from '../summary/plain-text.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '@': '&#64;', '|': '&#124;', ':': '&#58;' };

/** One line; what Markdown or a forge would read as more than text is escaped. The colon of a URL goes, so that nothing links by itself. */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replaceAll(/[&<>@|\\`*_{}[\]#!~]|:(?=\/\/)/g, (character) => entities[character] ?? `\\${character}`)
    .replace(/^([-+=])/, String.raw`\$1`)
    .replace(/^(\d+)(?=[.)](?:\s|$))/, '$1\\');
}

/** Inline code; names that could leave it are written as escaped text instead. */
export function codeSpan(text: string): string {
  return /^[\w ./:=,'*"+-]+$/.test(text) && text.trim() !== '' ? `\`${text}\`` : escapeMarkdown(text);
}

/** A fence that the text cannot close. */
export function codeBlock(text: string): string {
  const plain = plainText(text);
  const longest = Math.max(2, ...[...plain.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${plain}\n${fence}\n`;
}
