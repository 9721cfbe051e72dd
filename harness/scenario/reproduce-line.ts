// The command that plays one run's plan again: the scenario by its name or its file, with everything that was set.
import { redactSetting } from '../model/configuration.ts';
import type { Plan } from '../model/scenario.ts';
import { fileOf, originOf } from './compile-scenario.ts';

/** For a shell, without the secrets that were set. */
export function reproduceLine({ scenario, seed }: Plan): string {
  const flags = (originOf(scenario)?.options.overrides ?? []).flatMap(({ path, value }) =>
    path === 'cluster.version'
      ? ['--broker-version', `${scenario.cluster.broker}=${String(value)}`]
      : ['--set', `${path}=${redactSetting(path, typeof value === 'string' ? value : JSON.stringify(value))}`]);
  return ['npx leaderfall run', ...[fileOf(scenario) ?? scenario.name, ...flags, '--seed', seed].map(shellWord)].join(' ');
}

/** As one word of a POSIX shell. */
export const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);
