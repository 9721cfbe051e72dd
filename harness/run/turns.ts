// The runs of a suite in their order: each scenario as often as it is repeated, under a file name that tells versions apart.
import { slugOf } from '../scenario/plan.ts';
import type { Scenario } from '../model/scenario.ts';

export interface Turn {
  /** From 0, over all runs of the suite. */
  readonly index: number;
  readonly scenario: Scenario;
  /** From 1. */
  readonly repetition: number;
  /** The scenario's name as a file name, with the broker's version where the suite has several. */
  readonly slug: string;
  /** `kafka 3.9`; null where the suite has one version of the broker. */
  readonly on: string | null;
}

export function turnsOf(scenarios: readonly Scenario[], repeat: number): readonly Turn[] {
  const byBroker = Map.groupBy(scenarios, ({ cluster }) => cluster.broker);
  return scenarios.flatMap((scenario, place) => {
    const { broker, version } = scenario.cluster;
    const several = new Set(byBroker.get(broker)!.map(({ cluster }) => cluster.version)).size > 1;
    const slug = slugOf(several ? `${scenario.name}-${version}` : scenario.name);
    const on = several ? `${broker} ${version}` : null;
    return Array.from({ length: repeat }, (_, nth) => ({ index: place * repeat + nth, scenario, repetition: nth + 1, slug, on }));
  });
}
