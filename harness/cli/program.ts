// Commander's view of the command table.
import { readFileSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import type { ExitCode } from '../model/errors.ts';
import { commandTable, exitCodeMeanings } from './command-table.ts';
import type { CommandName, Handler, OptionEntry } from './command-table.ts';
import type { Io } from './io.ts';
import { printUsageError } from './print-error.ts';

const tagline = 'Kill the leader, count the messages: chaos scenarios for Kafka and RabbitMQ.';

/** @param onDone called with the exit code of the command that ran. */
export function createProgram(io: Io, argv: readonly string[], onDone: (code: ExitCode) => void): Command {
  const program = new Command('leaderfall');
  program.description(tagline).version(packageVersion(), '--version', 'print the version').helpOption('-h, --help', 'print this help');
  program.helpCommand('help [command]', 'print the help of a command');
  program.addHelpText('after', `\nExit codes:\n${exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padEnd(4)}${meaning}`).join('\n')}\n`);
  for (const name of Object.keys(commandTable) as CommandName[]) program.addCommand(createCommand(name, io, argv, onDone));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text) => printUsageError(io, text),
    });
  }
  return program;
}

function createCommand(name: CommandName, io: Io, argv: readonly string[], onDone: (code: ExitCode) => void): Command {
  const entry = commandTable[name];
  const command = new Command(name).summary(entry.summary).description(entry.summary).helpOption('-h, --help', 'print this help');
  for (const { flags, description, choices } of entry.arguments) command.addArgument(choices === undefined ? new Argument(flags, description) : new Argument(flags, description).choices([...choices]));
  for (const option of Object.values<OptionEntry>(entry.options)) command.addOption(createOption(option));
  command.addHelpText('after', `\nExamples:\n${entry.examples.map(([line, what]) => `  ${line}\n      ${what}`).join('\n')}\n`);
  command.action(async (...given: unknown[]) => {
    const positional = given.slice(0, entry.arguments.length).flat() as readonly string[];
    const handler = (await entry.load()) as Handler<Readonly<Record<string, unknown>>>;
    onDone(await handler(io, positional, command.opts(), argv));
  });
  return command;
}

function createOption({ flags, description, fallback, repeatable, parse }: OptionEntry): Option {
  const option = new Option(flags, description);
  if (fallback !== undefined) option.default(parse === undefined ? fallback : parse(fallback), fallback);
  if (repeatable) option.argParser((value: string, before: readonly unknown[] | undefined) => [...(before ?? []), ...[parse === undefined ? value : parse(value)].flat()]);
  else if (parse !== undefined) option.argParser(parse);
  return option;
}

/** From package.json, which is two folders up in a checkout and three up in the built package. */
function packageVersion(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as { readonly name?: string; readonly version?: string };
      if (name === 'leaderfall' && version !== undefined) return version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
