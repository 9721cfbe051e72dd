// docs/faults.md, made from the faults' own declarations and the shipped scenarios.
import { capabilityWords } from '../model/machine-needs.ts';
import type { FaultEffect, FaultFamily } from '../model/fault-parameters.ts';
import type { Equipment } from '../model/scenario.ts';
import { byFamily, type FaultEntry } from './fault-entries.ts';

/** Names beyond these are counted: `leaderfall list` has them all. */
const shownNames = 4;

const familyWords: Readonly<Record<FaultFamily, string>> = {
  process: 'Processes: a broker, or a client of the workload, dies, stops or freezes.',
  'node-links': "Links between nodes: packets are dropped or delayed in the node's own network, whatever its image brings.",
  'client-links': 'Links to clients: each node has a proxy of its own, and advertises its address; nodes reach each other without it.',
  storage: "Storage: each node's data lies on a filesystem of its own, which can lose power, run full or turn read-only.",
  leadership: 'Leadership: another replica leads because an operator asked for it; nothing dies.',
  client: 'Clients: a consumer or producer of the workload does what badly written or unlucky applications do.',
  'broker-policy': 'Broker policies: the broker itself expires, drops, refuses, dead-letters, compacts or deletes, because it was configured so.',
};

const effectWords: Readonly<Record<FaultEffect, string>> = {
  ends: 'it hit; messages were exposed to it; a leader that was aimed at led, and another took over where one could',
  halts: 'it hit; messages were exposed to it; a leader that was aimed at led',
  moves: 'it hit; the node that was aimed at led, and then no longer did',
  hinders: 'it hit; where it lies on a link or a disk, attempts were under way meanwhile',
};

const equipmentWords: Readonly<Record<Equipment, string>> = { disk: 'a disk of its own for each node', proxy: 'a proxy of its own for each node', streams: 'a listener for the stream protocol on each node' };

/** @param byPolicy names of the scenarios of the family that nobody injects. */
export function faultCatalogue(entries: readonly FaultEntry[], byPolicy: readonly string[]): string {
  return [
    '# Faults',
    'Made from the declarations in `harness/model/fault-parameters.ts` and the shipped scenarios by `node harness/cli/write-docs.ts`; a test fails when this page is out of date.',
    'Every fault is proved: after it was injected Leaderfall looks at the world, and a run whose fault did not strike is inconclusive, never upheld. Every fault is healed and the healing verified; a cluster that could not be healed is not used again. `leaderfall list --faults` says which of these work on this machine; how steps and targets are written is in [scenarios.md](scenarios.md).',
    overview(entries),
    ...byFamily(entries).flatMap(([family, ofFamily]) => [`## ${family}`, familyWords[family], ...ofFamily.map(section)]),
    '## broker-policy',
    familyWords['broker-policy'],
    `Nobody injects these, so they are no faults by name: a scenario gives its queue or topic the policy and lets it act, with a consumer that comes late, is slow, refuses or dies too often, or with the node of the dead-letter target killed. What proves that it acted is the contract, which requires the loss or the dead-lettered messages, and the twin, which must lose none under the same steps. Scenarios with the tag \`broker-policy\`: ${named(byPolicy)}.`,
  ].join('\n\n') + '\n';
}

function overview(entries: readonly FaultEntry[]): string {
  const rows = entries.map(({ name, family, strikes, summary, scenarios }) =>
    `| [\`${name}\`](#${name}) | ${family} | ${strikes.join(', ')} | ${cell(summary)} | ${[...scenarios].map(([broker, names]) => `${broker} ${names.length}`).join(', ') || 'none'} |`);
  return ['| fault | family | strikes | what it does | scenarios |', '|---|---|---|---|---|', ...rows].join('\n');
}

function section(entry: FaultEntry): string {
  const { name, summary, strikes, aimedAt, parameters, proves, heals, effect, needs, equipment } = entry;
  const rows: readonly (readonly [string, string])[] = [
    ['strikes', `${strikes.join(', ')}${aimedAt.length === 0 ? '' : `; in shipped scenarios: ${aimedAt.join(', ')}`}`],
    ...Object.entries(parameters).map(([key, { description, unit, min, max, default: fallback }]) => [`\`with.${key}\``, `${description}; ${min} to ${max} ${unit}, default ${fallback}`] as const),
    ['proved by', proves],
    ['healed by', heals],
    ['a run must show', effectWords[effect]],
    ['needs', `${needs === null ? 'nothing of the cluster' : capabilityWords[needs]}${equipment === null ? '' : `; its clusters are started with ${equipmentWords[equipment]}`}`],
    ['runs in', whereItRuns(entry)],
  ];
  return [`### ${name}`, `${summary[0]!.toUpperCase()}${summary.slice(1)}.`, ['| | |', '|---|---|', ...rows.map(([head, text]) => `| ${head} | ${cell(text)} |`)].join('\n')].join('\n\n');
}

function whereItRuns({ scenarios }: FaultEntry): string {
  const parts = [...scenarios].map(([broker, names]) => {
    const shown = names.slice(0, shownNames).map((name) => `\`${name}\``).join(', ');
    return `${broker}: ${shown}${names.length > shownNames ? ` and ${names.length - shownNames} more` : ''}`;
  });
  return parts.join('; ') || 'no shipped scenario';
}

const named = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);
