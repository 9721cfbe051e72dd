// `leaderfall list`: the scenarios by name, with what they are about, and which of them this machine cannot run; or the faults.
import { exitCodes } from '../../model/errors.ts';
import type { ExitCode } from '../../model/errors.ts';
import { firstMissing, machineNeedsOf, machineNeedsOfFault, type Capabilities, type MachineNeed } from '../../model/machine-needs.ts';
import type { Scenario } from '../../model/scenario.ts';
import type { CapabilitiesHere } from '../../engine/docker/capabilities-here.ts';
import { conditionsOf } from '../../scenario/compile-scenario.ts';
import { chooseScenarios } from '../choose-scenarios.ts';
import type { ListOptions } from '../command-table.ts';
import { faultEntries } from '../fault-entries.ts';
import { printFaults } from '../fault-table.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { colorsFor } from '../io.ts';
import type { Colors, Io } from '../io.ts';

/** Not only the engine's: a look around that takes longer than this says so. */
const lookMs = 60_000;

/** @param capabilities what this machine can do; default: found out by trying what the list needs, and nothing else. */
export async function list(io: Io, names: readonly string[], { tag, faults, json }: ListOptions, _argv: readonly string[] = [], capabilities: CapabilitiesHere = tryHere): Promise<ExitCode> {
  const scenarios = await chooseScenarios({ names, tags: tag ?? [], withTwins: false });
  const entries = faults ? faultEntries(scenarios) : [];
  const needs = faults ? entries.flatMap((entry) => machineNeedsOfFault(entry.needs)) : scenarios.flatMap(machineNeedsOf);
  using interrupts = listenForInterrupts(io);
  const here = await capabilities([...new Set(needs)], { signal: AbortSignal.any([interrupts.signal, AbortSignal.timeout(lookMs)]) });
  const print = (value: unknown): void => { io.stdout.write(`${JSON.stringify(value, null, 2)}\n`); };
  const colors = colorsFor(io.stdout, io.env);
  const width = io.stdout.isTTY ? (io.stdout.columns ?? 100) : Infinity;
  if (faults && json) print(entries.map((entry) => ({ ...entry, scenarios: Object.fromEntries(entry.scenarios), notRunnableHere: whyNot(machineNeedsOfFault(entry.needs), here) })));
  else if (faults) io.stdout.write(printFaults(entries, (entry) => whyNot(machineNeedsOfFault(entry.needs), here), { colors, width }));
  else if (json) print(scenarios.map((scenario) => listed(scenario, here)));
  else io.stdout.write(`${scenarios.map((scenario) => lines(scenario, here, colors)).join('\n')}\n`);
  return interrupts.exitCode ?? exitCodes.upheld;
}

/** Loaded only where something must be tried: the embedded broker needs none of it. */
const tryHere: CapabilitiesHere = async (needs, options) => (needs.length === 0 ? new Map() : await (await import('../../engine/docker/capabilities-here.ts')).capabilitiesHere(needs, options));

function whyNot(needs: readonly MachineNeed[], here: Capabilities): string | null {
  const missing = firstMissing(needs, here);
  return missing === null ? null : `${missing.need}: ${missing.reason}`;
}

const listed = (scenario: Scenario, here: Capabilities) => {
  const { name, title, tags, twin, cluster, steps, contract, only, sources } = scenario;
  return {
    name, title, tags, twin, broker: cluster.broker, version: cluster.version, nodes: cluster.nodes,
    needsEngine: cluster.broker !== 'memory',
    needs: machineNeedsOf(scenario), notRunnableHere: whyNot(machineNeedsOf(scenario), here),
    faults: [...new Set(steps.flatMap((step) => (step.kind === 'inject' ? [step.fault] : [])))],
    contract, only, conditions: conditionsOf(scenario), sources,
  };
};

function lines(scenario: Scenario, here: Capabilities, colors: Colors): string {
  const { name, title, tags, twin, cluster, only } = scenario;
  const where = cluster.broker === 'memory' ? 'embedded, no engine needed' : `${cluster.broker} ${cluster.version}, ${cluster.nodes} ${cluster.nodes === 1 ? 'node' : 'nodes'}`;
  const facts = [where, `tags ${tags.join(', ') || 'none'}`, ...(twin === null ? [] : [`twin ${twin}`])].join(' · ');
  const versions = [
    ...(only === null ? [] : [`only ${only.versions.join(', ')}: ${only.because}`]),
    ...conditionsOf(scenario).map(({ versions: on, because }) => `differs on ${on.join(', ')}: ${because}`),
  ];
  const missing = whyNot(machineNeedsOf(scenario), here);
  const not = missing === null ? [] : [`  ${colors.yellow(`not runnable here: ${missing}`)}`];
  return [colors.bold(name), `  ${title}`, ...[facts, ...versions].map((text) => `  ${colors.dim(text)}`), ...not].join('\n');
}
