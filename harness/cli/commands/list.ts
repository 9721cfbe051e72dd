// `leaderfall list`: the scenarios by name, with what they are about.
import { exitCodes } from '../../model/errors.ts';
import type { ExitCode } from '../../model/errors.ts';
import type { Scenario } from '../../model/scenario.ts';
import { conditionsOf } from '../../scenario/compile-scenario.ts';
import { chooseScenarios } from '../choose-scenarios.ts';
import type { ListOptions } from '../command-table.ts';
import { colorsFor } from '../io.ts';
import type { Colors, Io } from '../io.ts';

export async function list(io: Io, names: readonly string[], { tag, json }: ListOptions): Promise<ExitCode> {
  const scenarios = await chooseScenarios({ names, tags: tag ?? [], withTwins: false });
  if (json) {
    io.stdout.write(`${JSON.stringify(scenarios.map(listed), null, 2)}\n`);
  } else {
    const colors = colorsFor(io.stdout, io.env);
    io.stdout.write(`${scenarios.map((scenario) => lines(scenario, colors)).join('\n')}\n`);
  }
  return exitCodes.upheld;
}

const listed = (scenario: Scenario) => {
  const { name, title, tags, twin, cluster, steps, contract, only, sources } = scenario;
  return {
    name, title, tags, twin, broker: cluster.broker, version: cluster.version, nodes: cluster.nodes,
    needsEngine: cluster.broker !== 'memory',
    faults: [...new Set(steps.flatMap((step) => (step.kind === 'inject' ? [step.fault] : [])))],
    contract, only, conditions: conditionsOf(scenario), sources,
  };
};

function lines(scenario: Scenario, colors: Colors): string {
  const { name, title, tags, twin, cluster, only } = scenario;
  const where = cluster.broker === 'memory' ? 'embedded, no engine needed' : `${cluster.broker} ${cluster.version}, ${cluster.nodes} ${cluster.nodes === 1 ? 'node' : 'nodes'}`;
  const facts = [where, `tags ${tags.join(', ') || 'none'}`, ...(twin === null ? [] : [`twin ${twin}`])].join(' · ');
  const versions = [
    ...(only === null ? [] : [`only ${only.versions.join(', ')}: ${only.because}`]),
    ...conditionsOf(scenario).map(({ versions: on, because }) => `differs on ${on.join(', ')}: ${because}`),
  ];
  return [colors.bold(name), `  ${title}`, ...[facts, ...versions].map((text) => `  ${colors.dim(text)}`)].join('\n');
}
