// Scenarios that are judged together, and the order in which clusters are shared.
import type { ClusterSpec, Scenario } from '../model/scenario.ts';

type Named = Pick<Scenario, 'name' | 'twin'>;

/** Twins, and the twins of twins, by their names: whatever the broker's version, a family is one. In order of first appearance. */
export function familiesOf<Member extends Named>(scenarios: readonly Member[]): readonly (readonly Member[])[] {
  const leaders = new Map<string, string>();
  const leaderOf = (name: string): string => {
    const next = leaders.get(name) ?? name;
    return next === name ? name : leaderOf(next);
  };
  for (const { name, twin } of scenarios) if (twin !== null) leaders.set(leaderOf(twin), leaderOf(name));
  return [...Map.groupBy(scenarios, ({ name }) => leaderOf(name)).values()];
}

/** One cluster after the other, each with all that it serves; families stand together on it. Both in order of first appearance. */
export function inClusterOrder(scenarios: readonly Scenario[]): readonly Scenario[] {
  const byFamily = familiesOf(scenarios).flat();
  const order = new Map([...new Set(scenarios.map(({ cluster }) => clusterKey(cluster)))].map((key, index) => [key, index]));
  return byFamily.toSorted((a, b) => order.get(clusterKey(a.cluster))! - order.get(clusterKey(b.cluster))!);
}

/** Equal keys mean that one cluster serves both: the order of settings, and where a file of the same text lies, make no other cluster. */
export function clusterKey({ broker, version, nodes, properties, file, defects, equipment }: ClusterSpec): string {
  const sorted = <Value>(map: Readonly<Record<string, Value>>): readonly (readonly [string, Value])[] => Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([broker, version, nodes, sorted(properties), file?.text ?? null, sorted(defects), equipment ?? []]);
}
