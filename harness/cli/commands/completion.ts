// `leaderfall completion`: a script for the shell that is named.
import { exitCodes } from '../../model/errors.ts';
import type { ExitCode } from '../../model/errors.ts';
import { brokerSpecs } from '../../scenario/broker-specs.ts';
import { suites } from '../../../suites/index.ts';
import type { ArgumentEntry, Handler, OptionEntry } from '../command-table.ts';
import { completionScript, type Shell } from '../completion.ts';
import type { Io } from '../io.ts';

type Table = Readonly<Record<string, { readonly summary: string; readonly arguments: readonly ArgumentEntry[]; readonly options: Readonly<Record<string, OptionEntry>> }>>;

/** @param table given, for the table itself loads this module. */
export const completionOf = (table: Table): Handler<object> => async (io: Io, [shell = '']: readonly string[]): Promise<ExitCode> => {
  const commands = Object.entries(table).map(([name, { summary, arguments: given, options }]) => ({ name, summary, arguments: given, options: Object.values(options) }));
  const tags = [...new Set(suites.flatMap((scenario) => scenario.tags))].sort();
  const brokerVersions = brokerSpecs.filter(({ versions }) => versions.length > 1).flatMap(({ name, versions }) => versions.map((version) => `${name}=${version}`));
  io.stdout.write(completionScript(shell as Shell, { commands, names: suites.map(({ name }) => name).sort(), tags, brokerVersions }));
  return exitCodes.upheld;
};
