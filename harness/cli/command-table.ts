// The one table of commands and options: flags, help, types and docs/cli.md all come from it.
import type { ExitCode } from '../model/errors.ts';
import type { Shard } from '../scenario/shards.ts';
import { shard, wholeNumber } from './option-values.ts';
import type { Io } from './io.ts';

export interface OptionEntry {
  /** As commander reads it: `--seed <text>`. */
  readonly flags: string;
  readonly description: string;
  readonly fallback?: string;
  readonly repeatable?: true;
  /** @throws LeaderfallError `E_USAGE`. */
  readonly parse?: (text: string) => unknown;
}

/** Options as the handlers get them. A key without its line in the table below does not compile. */
export interface ListOptions {
  readonly tag?: readonly string[];
  readonly faults?: true;
  readonly json?: true;
}

export interface RunOptions {
  readonly tag?: readonly string[];
  readonly brokerVersion?: readonly string[];
  readonly shard?: Shard;
  readonly set?: readonly string[];
  readonly seed?: string;
  readonly repeat?: number;
  readonly out: string;
  readonly keep?: true;
  readonly allowNotRunnable?: true;
  readonly dryRun?: true;
  readonly fix?: true;
  readonly json?: true;
}

export interface ReportOptions {
  readonly contract?: string;
  readonly out?: string;
  readonly json?: true;
}

export interface DoctorOptions {
  readonly fix?: true;
  readonly json?: true;
}

export type Handler<Options> = (io: Io, names: readonly string[], options: Options, argv: readonly string[]) => Promise<ExitCode>;

interface CommandEntry<Options> {
  readonly summary: string;
  /** null: takes none. */
  readonly argument: { readonly flags: string; readonly description: string } | null;
  readonly options: { readonly [Key in keyof Required<Options>]: OptionEntry };
  readonly examples: readonly (readonly [string, string])[];
  /** Loaded only when the command runs, so that help and errors come at once. */
  readonly load: () => Promise<Handler<Options>>;
}

const names = { flags: '[names...]', description: "scenario names, globs such as 'kafka/*', or scenario files (.yaml, .yml, .ts, .js, .mjs); none: all shipped scenarios" };
const tag: OptionEntry = { flags: '--tag <tag>', description: 'only scenarios with this tag; may be given several times', repeatable: true };
const json = (what: string): OptionEntry => ({ flags: '--json', description: `print ${what} as JSON on stdout` });
const fix: OptionEntry = { flags: '--fix', description: 'mend what is missing: install or start the engine, get the images' };

const list: CommandEntry<ListOptions> = {
  summary: 'Name the scenarios that can be run, and those that this machine cannot run, with the reason.',
  argument: names,
  options: {
    tag,
    faults: { flags: '--faults', description: 'name the faults instead, by family, with what each needs and in how many of these scenarios it strikes' },
    json: json('what is listed'),
  },
  examples: [['leaderfall list', 'all shipped scenarios'], ["leaderfall list 'kafka/*' --json", 'those of one broker, for a program'], ['leaderfall list --faults', 'the chaos arsenal, and what of it works here']],
  load: async () => (await import('./commands/list.ts')).list,
};

const run: CommandEntry<RunOptions> = {
  summary: 'Run scenarios and judge them. The twin of a chosen scenario always comes along.',
  argument: names,
  options: {
    tag,
    brokerVersion: { flags: '--broker-version <broker=versions>', description: 'run each chosen scenario of this broker once for each of these versions, such as kafka=3.9,4.1; may be given once for each broker', repeatable: true },
    shard: { flags: '--shard <i/n>', description: 'run the i-th of n parts of the choice: the parts are the same on every machine, twins and versions stay together; report merges them', parse: shard },
    set: { flags: '--set <path=value>', description: 'set a field in all chosen scenarios, such as cluster.version=4.3; may be given several times', repeatable: true },
    seed: { flags: '--seed <text>', description: 'play the plan of this seed again; default: a new one, printed first and last; with --shard one made of the choice, the same on every machine' },
    repeat: { flags: '--repeat <n>', description: 'run each scenario n times; a verdict is never retried', parse: wholeNumber('--repeat', 1, 1_000) },
    out: { flags: '--out <dir>', description: 'folder for the runs', fallback: 'reports/runs' },
    keep: { flags: '--keep', description: 'leave the clusters running afterwards, for a look inside' },
    allowNotRunnable: { flags: '--allow-not-runnable', description: 'what this machine lacks does not decide the exit code; such scenarios are still named everywhere, with the reason' },
    dryRun: { flags: '--dry-run', description: 'print what would be done, start nothing' },
    fix,
    json: json("the suite's record"),
  },
  examples: [
    ['leaderfall run --tag demo', 'the demo of both brokers'],
    ["leaderfall run 'memory/*'", 'without a container engine'],
    ['leaderfall run orders.yaml --repeat 10', 'your own scenario, ten times'],
    ["leaderfall run 'kafka/*' --broker-version kafka=3.9,4.1,4.3", 'on three versions of the broker, as one matrix'],
    ['leaderfall run --tag full --shard 2/4', 'the second of four parts, for one of four CI jobs'],
    ['leaderfall run kafka/acks-all/leader-kill --dry-run', 'the plan only'],
  ],
  load: async () => (await import('./commands/run.ts')).run,
};

const report: CommandEntry<ReportOptions> = {
  summary: 'Judge finished runs again from their history and render the reports, without an engine. Several suites become one.',
  argument: { flags: '<runs...>', description: 'folders of runs or of whole suites, such as reports/runs/latest; the suites of all shards become one report' },
  options: {
    contract: { flags: '--contract <file>', description: 'judge by the contract in this YAML file instead of the one each run had' },
    out: { flags: '--out <dir>', description: 'folder for the new reports; default: where the runs are, but with --contract or several folders a fresh one beside the first' },
    json: json("the suite's record"),
  },
  examples: [['leaderfall report reports/runs/latest', 'the last suite again'], ['leaderfall report reports/runs/latest --contract stricter.yaml', 'by another contract'], ['leaderfall report shard-1 shard-2 shard-3 --out merged', 'the shards of three machines as one suite']],
  load: async () => (await import('./commands/report.ts')).report,
};

const doctor: CommandEntry<DoctorOptions> = {
  summary: 'Say what this machine lacks for the scenarios, with the command that mends it.',
  argument: null,
  options: { fix, json: json('the findings') },
  examples: [['leaderfall doctor', 'look'], ['leaderfall doctor --fix', 'look and mend']],
  load: async () => (await import('./commands/doctor.ts')).doctor,
};

export const commandTable = { list, run, report, doctor } as const;
export type CommandName = keyof typeof commandTable;

export const exitCodeMeanings: readonly (readonly [number, string])[] = [
  [0, 'upheld: every contract holds, and the faults are proved to have struck'],
  [1, 'violated: at least one contract does not hold'],
  [2, 'usage or configuration: nothing was started'],
  [3, 'inconclusive: none violated, and at least one result proves nothing'],
  [4, 'environment: engine, image, port, a cluster that did not become ready, or a scenario that this machine cannot run (unless --allow-not-runnable)'],
  [70, 'internal: a defect of Leaderfall'],
  [130, 'interrupted, after cleaning up'],
];
