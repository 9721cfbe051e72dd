// Which part of the time axis is shown: arithmetic only.

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export const lengthOf = ({ fromMs, toMs }: TimeRange): number => toMs - fromMs;

/** Less than a hundredth of the whole, or than 20 ms, shows nothing: the drawings are no finer. */
export const leastLength = (whole: TimeRange): number => Math.min(lengthOf(whole), Math.max(20, lengthOf(whole) / 100));

/** The wanted part moved and stretched until it lies inside of the whole. */
export function fitted({ fromMs, toMs }: TimeRange, whole: TimeRange): TimeRange {
  const length = Math.min(lengthOf(whole), Math.max(leastLength(whole), toMs - fromMs));
  const from = Math.max(whole.fromMs, Math.min(whole.toMs - length, (fromMs + toMs - length) / 2));
  return { fromMs: from, toMs: from + length };
}

/** Factor below 1: closer. The moment stays where it is. */
export function zoomed({ fromMs, toMs }: TimeRange, atMs: number, factor: number, whole: TimeRange): TimeRange {
  return fitted({ fromMs: atMs - (atMs - fromMs) * factor, toMs: atMs + (toMs - atMs) * factor }, whole);
}

/** `share`: of the length that is shown; negative: earlier. */
export function moved({ fromMs, toMs }: TimeRange, share: number, whole: TimeRange): TimeRange {
  const stepMs = (toMs - fromMs) * share;
  return fitted({ fromMs: fromMs + stepMs, toMs: toMs + stepMs }, whole);
}

/** "18.2-22.1", in seconds; null where it says no part of the whole. */
export function parseRange(text: string, whole: TimeRange): TimeRange | null {
  const found = /^(\d{1,9}(?:\.\d{1,6})?)-(\d{1,9}(?:\.\d{1,6})?)$/.exec(text);
  if (found === null) return null;
  const [fromMs, toMs] = [Number(found[1]) * 1000, Number(found[2]) * 1000];
  return toMs <= fromMs || toMs <= whole.fromMs || fromMs >= whole.toMs ? null : fitted({ fromMs, toMs }, whole);
}

export const formatRange = ({ fromMs, toMs }: TimeRange): string => `${Number((fromMs / 1000).toFixed(3))}-${Number((toMs / 1000).toFixed(3))}`;

/** Round seconds inside of a range, about as many as asked for. */
export function roundTicks({ fromMs, toMs }: TimeRange, count: number): readonly number[] {
  const [from, to] = [fromMs / 1000, toMs / 1000];
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((each) => each * power >= rough * 0.75) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => Number(((first + index) * step).toFixed(6)));
}
