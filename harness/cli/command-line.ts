// The command as it can be typed again, without the secrets that were typed in it.
import { redactSetting } from '../model/configuration.ts';
import { shellWord } from '../scenario/reproduce-line.ts';

/** What plays the same plans again: the arguments, and the seed where it was a new one. */
export function commandLine(argv: readonly string[], seed: string | null): string {
  const words = (seed === null ? argv : [...argv, '--seed', seed]).map(withoutSecret);
  return ['npx leaderfall', ...words.map(shellWord)].join(' ');
}

/** `producer.options.password=…`, as `--set` takes it. */
const withoutSecret = (word: string): string =>
  word.replace(/^((?:--set=)?)([A-Za-z][\w.-]*)=(.+)$/s, (_, flag: string, path: string, value: string) => `${flag}${path}=${redactSetting(path, value)}`);
