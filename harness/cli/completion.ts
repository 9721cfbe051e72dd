// Completion for bash, zsh and fish, made from the command table: no call of ours runs while somebody types.
import type { ArgumentEntry, OptionEntry } from './command-table.ts';

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly ArgumentEntry[];
  readonly options: readonly OptionEntry[];
}

export interface Completion {
  readonly commands: readonly CompletedCommand[];
  /** Scenario names and tags, for commands that choose by them. */
  readonly names: readonly string[];
  readonly tags: readonly string[];
  /** `kafka=4.1`, as --broker-version takes them. */
  readonly brokerVersions: readonly string[];
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A script to be sourced, or put where the shell looks for completions. */
export const completionScript = (shell: Shell, completion: Completion): string => ({ bash, zsh, fish })[shell](completion);

const flag = ({ flags }: OptionEntry): string => flags.split(' ')[0]!;
const takesValue = ({ flags }: OptionEntry): boolean => flags.includes('<');
/** Some are known only where scenarios and brokers are. */
const valuesOf = (option: OptionEntry, { tags, brokerVersions }: Completion): readonly string[] =>
  ({ '--tag': tags, '--broker-version': brokerVersions })[flag(option)] ?? option.values ?? [];
const takesNames = ({ arguments: all }: CompletedCommand): boolean => all.some(({ flags }) => flags.startsWith('[names'));
const takesFiles = ({ arguments: all }: CompletedCommand): boolean => all.some(({ choices }) => choices === undefined);
const choicesOf = ({ arguments: all }: CompletedCommand): readonly string[] => all.flatMap(({ choices = [] }) => choices);
const always = '--help';

function bash(completion: Completion): string {
  const { commands, names } = completion;
  const words = (command: CompletedCommand): string => [...command.options.map(flag), always].join(' ');
  const cases = commands.map((command) => {
    const values = command.options.filter(takesValue).map((option) => `        ${flag(option)}) words="${valuesOf(option, completion).join(' ')}"${option.list === true ? ' list=1' : ''} ;;`);
    const given = takesNames(command) ? '$names' : choicesOf(command).join(' ');
    return [`    ${command.name})`, '      case "$previous" in', ...values, `        *) if [[ $current == -* ]]; then words="${words(command)}"; else words="${given}"; fi ;;`, '      esac ;;'].join('\n');
  });
  return `# Completion of leaderfall for bash: source <(leaderfall completion bash)
_leaderfall() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} words="" list="" before=""
  local names="${names.join(' ')}"
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${[...commands.map(({ name }) => name), 'help', always, '--version'].join(' ')}" -- "$current"))
    return
  fi
  case "$command" in
    help) words="${commands.map(({ name }) => name).join(' ')}" ;;
${cases.join('\n')}
  esac
  # In a list the last of its words is completed, and what stands before it stays.
  if [[ -n $list && $current == *,* ]]; then before=\${current%,*},; fi
  COMPREPLY=($(compgen -P "$before" -W "$words" -- "\${current#"$before"}"))
}
# Where no word of ours fits, files do.
complete -o default -F _leaderfall leaderfall
`;
}

/** Inside single quotes of zsh's _arguments; brackets and colons have a meaning there. */
const zshText = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, String.raw`\$&`);

function zsh(completion: Completion): string {
  const { commands, names } = completion;
  const option = (entry: OptionEntry): string => {
    const values = valuesOf(entry, completion);
    const action = entry.list === true ? `{ _values -s , value ${values.join(' ')} }` : `(${values.join(' ')})`;
    const value = takesValue(entry) ? `:value:${values.length > 0 ? action : '_files'}` : '';
    return `'${entry.repeatable ? '*' : ''}${flag(entry)}[${zshText(entry.description)}]${value}'`;
  };
  const rest = (command: CompletedCommand): readonly string[] => {
    if (takesNames(command)) return [`'*:scenario:{ compadd -a names; _files }'`];
    if (choicesOf(command).length > 0) return [`'*:choice:(${choicesOf(command).join(' ')})'`];
    return takesFiles(command) ? [`'*:folder:_files'`] : [];
  };
  const cases = commands.map((command) => `    ${command.name}) _arguments ${[...command.options.map(option), `'${always}[print this help]'`, ...rest(command)].join(' \\\n      ')} ;;`);
  return `#compdef leaderfall
# Completion of leaderfall for zsh: source <(leaderfall completion zsh), after compinit
_leaderfall() {
  local -a commands names
  local state line
  commands=(${commands.map(({ name, summary }) => `'${name}:${zshText(summary)}'`).join(' ')})
  names=(${names.join(' ')})
  _arguments -C '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands; return ;;
  esac
  case $words[1] in
${cases.join('\n')}
  esac
}
compdef _leaderfall leaderfall
`;
}

const fishText = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`);

function fish(completion: Completion): string {
  const { commands, names } = completion;
  const line = (condition: string, rest: string, description: string): string => `complete -c leaderfall -n '${condition}' ${rest} -d '${fishText(description)}'`;
  const of = (command: CompletedCommand): readonly string[] => {
    const within = `__fish_seen_subcommand_from ${command.name}`;
    const given = takesNames(command) ? '$leaderfall_names' : choicesOf(command).join(' ');
    return [
      line('__fish_use_subcommand', `-f -a ${command.name}`, command.summary),
      ...command.options.map((option) => {
        const values = valuesOf(option, completion);
        return line(within, `-l ${flag(option).slice(2)}${takesValue(option) ? ` -r${values.length > 0 ? ` -f -a '${option.list === true ? `(__fish_append , ${values.join(' ')})` : values.join(' ')}'` : ''}` : ''}`, option.description);
      }),
      ...(given === '' ? [] : [line(within, `-a "${given}"`, command.arguments[0]!.description)]),
      ...(takesFiles(command) ? [] : [`complete -c leaderfall -n '${within}' -f`]),
    ];
  };
  return `# Completion of leaderfall for fish: leaderfall completion fish > ~/.config/fish/completions/leaderfall.fish
set -g leaderfall_names ${names.join(' ')}
${commands.flatMap(of).join('\n')}
`;
}
