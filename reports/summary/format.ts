// Numbers, durations and instants as every report writes them.

/** Between groups of three digits, as in the judgement's sentences: it survives terminals, XML and Markdown alike. */
export const groupSeparator = ',';

/** `1,000`; a fraction is rounded, because counts and milliseconds are read here as whole numbers. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return 'unknown';
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, groupSeparator);
}

/** `4.2 ms`, `850 ms`, `12.3 s`, `2 min 5 s`. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return 'unknown';
  if (durationMs < 10) return `${Number(durationMs.toFixed(1))} ms`;
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A point in the run: `12.3 s`, also after the first minute, so that it can be found on the time axis. */
export const formatInstant = (timeMs: number): string => `${(timeMs / 1000).toFixed(1)} s`;

/** ISO 8601 in UTC to `2026-11-23 14:54:12 UTC`; anything else is shown as it is. */
export function formatTimestamp(iso: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/.exec(iso);
  return parts === null ? iso : `${parts[1]} ${parts[2]} UTC`;
}

/** `3.4 %`; a part that is not everything never rounds to 100 %, nor one that is something to 0 %. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return '—';
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 0.1) return '< 0.1 %';
  if (part < whole && percent > 99.9) return '> 99.9 %';
  return `${Number(percent.toFixed(1))} %`;
}

/** `1 message`, `12 messages`. */
export const plural = (count: number, singular: string, many = `${singular}s`): string =>
  `${formatCount(count)} ${count === 1 ? singular : many}`;

/** `a`, `a and b`, `a, b and c`. */
export function listWords(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Keeps a number with its digits and its unit on one line; the words stay the same. */
export const tie = (text: string): string =>
  text.replaceAll(/(?<=\d) (?=\d{3}(?!\d))/g, groupSeparator).replaceAll(/(?<=\d) (?=(?:ms|s|min|GiB|%)(?![\p{L}\d]))/gu, '\u00a0');

export interface Range {
  readonly least: number;
  readonly most: number;
}

export function rangeOf(values: readonly number[]): Range | null {
  return values.length === 0 ? null : { least: Math.min(...values), most: Math.max(...values) };
}

/** `12`, or `8–12` over several runs. */
export const formatRange = (range: Range, format: (value: number) => string): string =>
  range.least === range.most ? format(range.most) : `${format(range.least)}–${format(range.most)}`;
