// The command as it can be typed again.

/** What plays the same plans again: the arguments, and the seed where it was a new one. */
export function commandLine(argv: readonly string[], seed: string | null): string {
  const words = seed === null ? argv : [...argv, '--seed', seed];
  return ['leaderfall', ...words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))].join(' ');
}
