// docs/cli.md, made from the command table.
import { commandTable, exitCodeMeanings } from './command-table.ts';
import type { ArgumentEntry, OptionEntry } from './command-table.ts';

export function cliReference(): string {
  return [
    '# Command line',
    'Made from `harness/cli/command-table.ts` by `node harness/cli/write-docs.ts`; a test fails when this page is out of date.',
    'Results go to stdout, progress and errors to stderr. On a terminal progress is a live block, everywhere else (and where `CI` is set) one line a phase, step and fault with the seconds since the start. `NO_COLOR` and `FORCE_COLOR` are respected. Ctrl+C heals, keeps the logs and removes what was started; a second one forces.',
    ...Object.entries(commandTable).map(([name, entry]) => section(name, entry)),
    `## Exit codes\n\n| code | meaning |\n|---|---|\n${exitCodeMeanings.map(([code, meaning]) => `| ${code} | ${meaning} |`).join('\n')}`,
    'Of several runs the worst counts: internal, then interrupted, environment, usage, violated, not runnable here, inconclusive, upheld.',
    'A scenario whose faults need something that this machine lacks (NET_ADMIN, a kernel module, root and loop devices for disks) is *not runnable here*: nothing is started for it, and the terminal, every report and `suite.json` name it with the reason; JUnit counts it as skipped. It is never passed: the exit code is 4, unless a run violated its contract, which is told first (1). `--allow-not-runnable` leaves the exit code to the scenarios that ran; where none could run it stays 4. `leaderfall list` says beforehand what is not runnable here, and `leaderfall doctor` what to do about it.',
  ].join('\n\n') + '\n';
}

interface Entry {
  readonly summary: string;
  readonly arguments: readonly ArgumentEntry[];
  readonly options: Readonly<Record<string, OptionEntry>>;
  readonly examples: readonly (readonly [string, string])[];
}

function section(name: string, { summary, arguments: given, options, examples }: Entry): string {
  const rows = [
    ...given.map(({ flags, description }) => [flags, description, ''] as const),
    ...Object.values(options).map(({ flags, description, fallback }) => [flags, description, fallback === undefined ? '' : `\`${fallback}\``] as const),
  ];
  return [
    `## leaderfall ${name}`,
    summary,
    `| argument or option | meaning | default |\n|---|---|---|\n${rows.map(([flags, description, fallback]) => `| \`${flags}\` | ${description} | ${fallback} |`).join('\n')}`,
    `\`\`\`sh\n${examples.map(([line, what]) => `${line}   # ${what}`).join('\n')}\n\`\`\``,
  ].join('\n\n');
}
