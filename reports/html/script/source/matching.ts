// Whether something is among what a filter asks for: words and numbers only.

/** Words of an attribute, separated by bars. */
export const wordsOf = (value: string | undefined): readonly string[] => (value === undefined || value === '' ? [] : value.split('|'));

/** `wanted`: a number, "3-7" for neighbours, "unknown" for what has none; empty: any. */
export function isPartition(value: string | undefined, wanted: string): boolean {
  if (wanted === '') return true;
  if (value === undefined || wanted === 'unknown') return value === undefined && wanted === 'unknown';
  const [first, last = first] = wanted.split('-').map(Number);
  return Number(value) >= first! && Number(value) <= last!;
}

/** "18.2-22.1" in seconds, the end left out; empty: any. */
export function isSentWithin(sentMs: string | undefined, wanted: string): boolean {
  if (wanted === '') return true;
  const [from, to] = wanted.split('-').map((seconds) => Number(seconds) * 1000);
  return sentMs !== undefined && Number(sentMs) >= from! && Number(sentMs) < to!;
}

/** Every word of the wanted text occurs. */
export const hasText = (text: string, wanted: string): boolean => {
  const low = text.toLowerCase();
  return wanted.toLowerCase().split(/\s+/).every((word) => low.includes(word));
};
