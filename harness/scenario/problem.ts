// One thing that is wrong with a scenario, with its place, in words that say what would be right.
import { closest, distance } from 'fastest-levenshtein';

export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  /** True: the key itself is wrong, not its value. */
  readonly atKey: boolean;
  readonly message: string;
  readonly hint?: string;
}

/** `steps[2].wait.acknowledged`; `(scenario)` for the whole. */
export function formatPath(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text.replace(/^\./, '') || '(scenario)';
}

/** The candidate that was probably meant, or null when none is near. */
function nearest(word: string, candidates: readonly string[]): string | null {
  if (candidates.length === 0 || !/[a-z]/i.test(word)) return null;
  const best = closest(word.toLowerCase(), [...candidates].map((candidate) => candidate.toLowerCase()));
  const candidate = candidates.find((each) => each.toLowerCase() === best)!;
  const limit = word.length <= 3 ? 1 : Math.max(2, Math.floor(word.length / 3));
  return distance(word.toLowerCase(), best) <= limit ? candidate : null;
}

/** `; did you mean "acks"?` or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const meant = nearest(word, candidates);
  return meant === null ? '' : `; did you mean "${meant}"?`;
}
