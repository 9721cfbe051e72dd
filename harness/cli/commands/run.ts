// `leaderfall run`: chooses scenarios, hands them to the conductor, shows what happens, prints the result.
import type { ImageRequest } from '../../engine/docker/images/image-types.ts';
import { toxiproxyImage } from '../../engine/docker/images/versions.ts';
import { exitCodes } from '../../model/errors.ts';
import type { ExitCode } from '../../model/errors.ts';
import { machineNeedsOf } from '../../model/machine-needs.ts';
import type { Scenario } from '../../model/scenario.ts';
import { describeMatrix } from '../../scenario/describe-matrix.ts';
import { describePlan } from '../../scenario/describe-plan.ts';
import { clusterKey } from '../../scenario/families.ts';
import { makePlan } from '../../scenario/plan.ts';
import { redactScenario } from '../../scenario/redact-scenario.ts';
import { formatShard } from '../../scenario/shards.ts';
import type { Matrix } from '../../scenario/version-matrix.ts';
import { addToHistory } from '../add-to-history.ts';
import { parseBrokerVersions } from '../broker-versions.ts';
import { chooseRuns } from '../choose-runs.ts';
import { commandLine } from '../command-line.ts';
import type { RunOptions } from '../command-table.ts';
import { compareWithBaseline } from '../compare-with-baseline.ts';
import { readConfig } from '../config.ts';
import { listenForInterrupts } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { createLiveView } from '../live-view/live-view.ts';
import { parseOverride } from '../option-values.ts';
import { printSuite } from '../print-suite.ts';
import { readSuite } from '../read-suite.ts';
import { newSeed, seedOf } from '../seed.ts';
import { formatsOf, makeFoldersFor, writeReports } from '../write-reports.ts';

export async function run(io: Io, names: readonly string[], options: RunOptions, argv: readonly string[]): Promise<ExitCode> {
  const { choice, ...matrix } = await chooseRuns({
    names, tags: options.tag ?? [], overrides: (options.set ?? []).map(parseOverride), versions: parseBrokerVersions(options.brokerVersion ?? []), shard: options.shard ?? null,
  });
  const { scenarios } = matrix;
  const seed = options.seed ?? (options.shard === undefined ? newSeed() : seedOf(choice));
  if (options.dryRun) return printPlans(io, matrix, seed, options);
  const config = await readConfig();
  const reporters = options.reporter ?? config.reporters;
  const formats = formatsOf(reporters);
  const history = options.history ?? config.history;
  makeFoldersFor(reporters, history);
  // Read now: this very run may become `latest`, which a baseline may be called.
  const base = options.baseline === undefined ? null : readSuite(options.baseline);
  using interrupts = listenForInterrupts(io);
  using view = createLiveView(io);
  if (options.fix) await mend(io, scenarios, interrupts.signal);
  const { runSuite } = await loadConductor();
  const { suite, folder } = await runSuite({
    ...matrix,
    shard: options.shard === undefined ? null : formatShard(options.shard),
    seed,
    keep: options.keep ?? false,
    allowNotRunnable: options.allowNotRunnable ?? false,
    repeat: options.repeat ?? 1,
    out: options.out ?? config.out,
    ...(formats === undefined ? {} : { formats }),
    command: commandLine(argv, options.seed === undefined ? seed : null),
    signal: interrupts.signal,
    onProgress: view.onProgress,
  });
  view.end();
  const json = options.json ?? false;
  await printSuite(io, suite, folder, json);
  const comparison = base === null ? null : await compareWithBaseline(io, base, suite, folder, json);
  const trend = history === null ? null : await addToHistory(io, { path: history, suite, json });
  await writeReports(io, { suite, reporters, json, more: [comparison?.markdown ?? [], trend ?? []].flat() });
  return interrupts.exitCode ?? worse(suite.exitCode as ExitCode, comparison?.exitCode ?? exitCodes.upheld);
}

/** A baseline excuses nothing: where the suite is not upheld, its own exit code stands. */
const worse = (own: ExitCode, compared: ExitCode): ExitCode => (own === exitCodes.upheld ? compared : own);

// Apart from `using`: tsc leaves the extension of an import unchanged in a function that it rewrites for that.
const loadConductor = () => import('../../index.ts');

function printPlans(io: Io, { scenarios, notApplicable }: Matrix, seed: string, { json, repeat = 1, shard, brokerVersion }: RunOptions): ExitCode {
  const createdAt = new Date().toISOString();
  const plans = scenarios.map((scenario) => makePlan({ scenario: redactScenario(scenario), seed, repetition: 1, createdAt }));
  if (json) {
    io.stdout.write(`${JSON.stringify(plans, null, 2)}\n`);
    return exitCodes.upheld;
  }
  const clusters = new Set(scenarios.map(({ cluster }) => clusterKey(cluster))).size;
  const summary = [
    `${plural(plans.length, brokerVersion === undefined ? 'scenario' : 'run')} in this order${repeat > 1 ? `, each ${repeat} times` : ''}`,
    `on ${plural(clusters, 'cluster')}`,
    ...(shard === undefined ? [] : [`shard ${formatShard(shard)}`]),
  ];
  const parts = [...plans.map(describePlan), ...(brokerVersion === undefined ? [] : [describeMatrix({ scenarios, notApplicable })]), `${summary.join(', ')}; nothing was started`];
  io.stdout.write(`${parts.join('\n\n')}\n`);
  return exitCodes.upheld;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Only for scenarios that need an engine at all. */
async function mend(io: Io, scenarios: readonly Scenario[], signal: AbortSignal): Promise<void> {
  if (scenarios.every(({ cluster }) => cluster.broker === 'memory')) return;
  const { doctor } = await import('../../engine/docker/doctor.ts');
  const { printFindings } = await import('./doctor.ts');
  const report = await doctor({ fix: true, signal, images: imagesOf(scenarios), storage: scenarios.some((scenario) => machineNeedsOf(scenario).includes('disk')), onProgress: (text) => io.stderr.write(`${text}\n`) });
  if (!report.ok) io.stderr.write(`${printFindings(io, report)}\n`);
}

/** The brokers' images, the one with the network tools, and the proxy's where one is used. */
function imagesOf(scenarios: readonly Scenario[]) {
  const images = new Map<string, ImageRequest>();
  for (const { cluster: { broker, version } } of scenarios) {
    if (broker !== 'memory') images.set(`${broker}:${version}`, { name: broker, version });
  }
  const proxied = scenarios.some(({ cluster }) => cluster.equipment?.includes('proxy'));
  return [...images.values(), { name: 'nettools', version: '1' } as const, ...(proxied ? [toxiproxyImage] : [])];
}
