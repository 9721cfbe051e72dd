// The one table of commands and options: flags, help, types and docs/cli.md all come from it.
import type { BrokerName } from '../model/cluster.ts';
import type { ExitCode } from '../model/errors.ts';
import type { Shard } from '../scenario/shards.ts';
import { reporterNames } from '../../reports/formats.ts';
import { brokerName, brokerNames, ciChoice, ciChoices, reporters, shard, wholeNumber, type CiChoice, type ReporterChoice } from './option-values.ts';
import type { Io } from './io.ts';

export interface OptionEntry {
  /** As commander reads it: `--seed <text>`. */
  readonly flags: string;
  readonly description: string;
  readonly fallback?: string;
  readonly repeatable?: true;
  /** @throws LeaderfallError `E_USAGE`. */
  readonly parse?: (text: string) => unknown;
  /** For completion in a shell; what is allowed is for `parse` to say. */
  readonly values?: readonly string[];
  /** One value may be several of them, with commas between. */
  readonly list?: true;
}

export interface ArgumentEntry {
  /** As commander reads it: `<run>`, `[names...]`. */
  readonly flags: string;
  readonly description: string;
  /** Nothing else is taken. */
  readonly choices?: readonly string[];
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
  readonly out?: string;
  readonly reporter?: readonly ReporterChoice[];
  readonly baseline?: string;
  readonly history?: string;
  readonly keep?: true;
  readonly allowNotRunnable?: true;
  readonly dryRun?: true;
  readonly fix?: true;
  readonly json?: true;
}

export interface ReportOptions {
  readonly contract?: string;
  readonly out?: string;
  readonly reporter?: readonly ReporterChoice[];
  readonly history?: string;
  readonly json?: true;
}

export interface InitOptions {
  readonly broker: BrokerName;
  readonly ci?: CiChoice;
  readonly force?: true;
}

export interface CompareOptions {
  readonly markdown?: true;
  readonly json?: true;
}

export interface TrendOptions {
  readonly last?: number;
  readonly markdown?: true;
  readonly json?: true;
}

export interface ExplainOptions {
  readonly neighbours: number;
  readonly json?: true;
}

export interface ExportOptions {
  readonly out?: string;
}

type NoOptions = Readonly<Record<never, never>>;

export interface DoctorOptions {
  readonly fix?: true;
  readonly json?: true;
}

export type Handler<Options> = (io: Io, names: readonly string[], options: Options, argv: readonly string[]) => Promise<ExitCode>;

interface CommandEntry<Options> {
  readonly summary: string;
  readonly arguments: readonly ArgumentEntry[];
  readonly options: { readonly [Key in keyof Required<Options>]: OptionEntry };
  readonly examples: readonly (readonly [string, string])[];
  /** Loaded only when the command runs, so that help and errors come at once. */
  readonly load: () => Promise<Handler<Options>>;
}

const names = { flags: '[names...]', description: "scenario names, globs such as 'kafka/*', or scenario files (.yaml, .yml, .ts, .js, .mjs); none: those of leaderfall.config.yaml, else all shipped scenarios" };
const tag: OptionEntry = { flags: '--tag <tag>', description: 'only scenarios with this tag; may be given several times', repeatable: true };
const json = (what: string): OptionEntry => ({ flags: '--json', description: `print ${what} as JSON on stdout` });
const fix: OptionEntry = { flags: '--fix', description: 'mend what is missing: install or start the engine, get the images' };

const reporterOption: OptionEntry = {
  flags: '--reporter <format[=path]>', repeatable: true, parse: reporters, values: reporterNames, list: true,
  description: `write only these formats beside the JSON record: ${reporterNames.join(', ')}; with a path a copy of the suite's goes there; github prints annotations and appends to the step summary; may be given several times, or as a list with commas; default: all files`,
};

const history = (fallback: string): OptionEntry => ({ flags: '--history <file>', description: `add the suite to this history, a line each; the newest 500 suites stay, in at most 5 MiB; default: ${fallback}` });

const init: CommandEntry<InitOptions> = {
  summary: 'Write a first scenario, leaderfall.config.yaml and a CI workflow into this folder. What is there stays.',
  arguments: [],
  options: {
    broker: { flags: '--broker <name>', description: 'what the first scenario runs on: memory needs no container engine, kafka, rabbitmq', fallback: 'memory', parse: brokerName, values: brokerNames },
    ci: { flags: '--ci <system>', description: 'github, gitlab or none; default: gitlab where this folder is a repository of one, else github', parse: ciChoice, values: ciChoices },
    force: { flags: '--force', description: 'write over files that are there' },
  },
  examples: [['leaderfall init', 'something that runs anywhere, in seconds'], ['leaderfall init --broker kafka --ci gitlab', 'for a Kafka configuration, with GitLab CI']],
  load: async () => (await import('./commands/init.ts')).init,
};

const list: CommandEntry<ListOptions> = {
  summary: 'Name the scenarios that can be run, and those that this machine cannot run, with the reason.',
  arguments: [names],
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
  arguments: [names],
  options: {
    tag,
    brokerVersion: { flags: '--broker-version <broker=versions>', description: 'run each chosen scenario of this broker once for each of these versions, such as kafka=3.9,4.1; may be given once for each broker', repeatable: true },
    shard: { flags: '--shard <i/n>', description: 'run the i-th of n parts of the choice: the parts are the same on every machine, twins and versions stay together; report merges them', parse: shard },
    set: { flags: '--set <path=value>', description: 'set a field in all chosen scenarios, such as cluster.version=4.3; may be given several times', repeatable: true },
    seed: { flags: '--seed <text>', description: 'play the plan of this seed again; default: a new one, printed first and last; with --shard one made of the choice, the same on every machine' },
    repeat: { flags: '--repeat <n>', description: 'run each scenario n times; a verdict is never retried', parse: wholeNumber('--repeat', 1, 1_000) },
    out: { flags: '--out <dir>', description: "folder for the runs; default: leaderfall.config.yaml's, else reports/runs" },
    reporter: reporterOption,
    baseline: { flags: '--baseline <dir>', description: 'compare with an earlier suite or run in this folder: a verdict that got worse is an error, numbers are compared where both ran on the same' },
    history: history("leaderfall.config.yaml's, else none"),
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
  arguments: [{ flags: '<runs...>', description: 'folders of runs or of whole suites, such as reports/runs/latest; the suites of all shards become one report' }],
  options: {
    contract: { flags: '--contract <file>', description: 'judge by the contract in this YAML file instead of the one each run had' },
    out: { flags: '--out <dir>', description: 'folder for the new reports; default: where the runs are, but with --contract or several folders a fresh one beside the first' },
    reporter: reporterOption,
    history: history('none'),
    json: json("the suite's record"),
  },
  examples: [['leaderfall report reports/runs/latest', 'the last suite again'], ['leaderfall report reports/runs/latest --reporter junit=junit.xml', 'one format, at a place of your choice'], ['leaderfall report reports/runs/latest --contract stricter.yaml', 'by another contract'], ['leaderfall report shard-1 shard-2 shard-3 --out merged', 'the shards of three machines as one suite']],
  load: async () => (await import('./commands/report.ts')).report,
};

const doctor: CommandEntry<DoctorOptions> = {
  summary: 'Say what this machine lacks for the scenarios, with the command that mends it.',
  arguments: [],
  options: { fix, json: json('the findings') },
  examples: [['leaderfall doctor', 'look'], ['leaderfall doctor --fix', 'look and mend']],
  load: async () => (await import('./commands/doctor.ts')).doctor,
};

const compare: CommandEntry<CompareOptions> = {
  summary: 'Say what changed between two suites or runs: verdicts always, numbers where both ran on the same machine, images and plan.',
  arguments: [{ flags: '<base>', description: "an earlier suite's or run's folder" }, { flags: '<run>', description: 'the folder that is compared with it' }],
  options: {
    markdown: { flags: '--markdown', description: 'print it as Markdown, for a pull request' },
    json: json('the comparison'),
  },
  examples: [['leaderfall compare main/latest reports/runs/latest', 'exit code 1 where a verdict became violated, 3 where one is no longer known'], ['leaderfall compare main/latest reports/runs/latest --markdown >> "$GITHUB_STEP_SUMMARY"', 'for reviewers']],
  load: async () => (await import('./commands/compare.ts')).compare,
};

const trend: CommandEntry<TrendOptions> = {
  summary: 'Tell what became of each scenario over the suites of a history: verdicts, since when one is bad, and the median time to recover where runs can be compared.',
  arguments: [{ flags: '[file]', description: "what run --history wrote; default: leaderfall.config.yaml's history" }],
  options: {
    last: { flags: '--last <n>', description: 'only the newest n suites; default: all', parse: wholeNumber('--last', 1, 100_000) },
    markdown: { flags: '--markdown', description: 'print it as Markdown' },
    json: json('the trend'),
  },
  examples: [['leaderfall trend history.jsonl', 'exit code by the newest result of each scenario: 1 where one is violated, 4 where one failed to run, 3 where one is not known'], ['leaderfall trend history.jsonl --last 20 --json', 'for a program']],
  load: async () => (await import('./commands/trend.ts')).trend,
};

const explain: CommandEntry<ExplainOptions> = {
  summary: "Tell one message's story: every event of it, who led at each moment, the faults around it, and its neighbours.",
  arguments: [{ flags: '<run>', description: "a run's folder, or a suite's with a single run" }, { flags: '<id>', description: 'producer:sequence, such as 0:9120, as reports name messages' }],
  options: {
    neighbours: { flags: '--neighbours <n>', description: 'how many messages before and after it are told in brief', fallback: '3', parse: wholeNumber('--neighbours', 0, 100) },
    json: json('the story'),
  },
  examples: [['leaderfall explain reports/runs/latest/kafka-acks-1-leader-kill-behind 0:912', 'one of the lost'], ['leaderfall explain reports/runs/latest 0:0 --neighbours 0', 'one message alone']],
  load: async () => (await import('./commands/explain.ts')).explain,
};

const exportCommand: CommandEntry<ExportOptions> = {
  summary: "Print every event of one run as CSV, with the columns of its messages.arrow; docs/data.md says what they mean, and how to get Parquet.",
  arguments: [{ flags: '<run>', description: "a run's folder, or a suite's with a single run" }],
  options: { out: { flags: '--out <file>', description: 'write it there; default: stdout' } },
  examples: [['leaderfall export reports/runs/latest/kafka-acks-1-leader-kill-behind --out events.csv', 'for a spreadsheet or a database'], ['leaderfall export reports/runs/latest > events.csv', 'on stdout, streamed, however long the run was']],
  load: async () => (await import('./commands/export.ts')).exportRun,
};

const schema: CommandEntry<NoOptions> = {
  summary: 'Print a JSON Schema: of scenario files (editors complete and check YAML with it), of run.json or of suite.json.',
  arguments: [{ flags: '<what>', description: 'scenario, run or suite', choices: ['scenario', 'run', 'suite'] }],
  options: {},
  examples: [['leaderfall schema scenario > scenario.schema.json', 'for a line "# yaml-language-server: $schema=scenario.schema.json" in your YAML'], ['leaderfall schema run', 'what a program may expect in run.json']],
  load: async () => (await import('./commands/schema.ts')).schema,
};

const completion: CommandEntry<NoOptions> = {
  summary: 'Print the completion of commands, options, values and scenario names for a shell.',
  arguments: [{ flags: '<shell>', description: 'bash, zsh or fish', choices: ['bash', 'zsh', 'fish'] }],
  options: {},
  examples: [['source <(leaderfall completion bash)', 'in this shell; in ~/.bashrc for every one'], ['leaderfall completion fish > ~/.config/fish/completions/leaderfall.fish', 'fish reads it from there']],
  load: async () => (await import('./commands/completion.ts')).completionOf(commandTable),
};

export const commandTable = { init, list, run, report, compare, trend, explain, export: exportCommand, doctor, schema, completion } as const;
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
