// Fills in what earlier versions of the same formats did not write, so that nothing right of the waist has to know.
import type { Plan, Scenario, Step } from '../model/scenario.ts';
import type { TimelineEntry } from '../model/timeline.ts';

type Written<T> = { readonly [Key in keyof T]?: T[Key] };

/** Fields that came later, with the values that were the only ones until then. */
export function upgradePlan(plan: Plan): Plan {
  const written = plan.scenario as Written<Scenario> | undefined;
  if (written === undefined) return plan;
  const scenario = {
    only: null,
    conditions: [],
    ...written,
    producer: { program: null, routing: 'explicit', keys: 100, ...written.producer },
    consumer: { program: null, refuse: null, ...written.consumer },
    steps: (written.steps ?? []).map(upgradeStep),
  } as Scenario;
  return { ...plan, scenario };
}

const upgradeStep = (step: Step): Step => (step.kind === 'inject' ? { ...step, parameters: (step as Written<typeof step>).parameters ?? {} } : step);

/** Until faults could strike clients their name said what they struck. */
export function upgradeTimeline(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  return entries.map((entry) => {
    if (entry.type !== 'fault' || (entry as Written<typeof entry>).strikes !== undefined) return entry;
    return { ...entry, strikes: entry.fault === 'replication-cut' ? 'link' : 'node' };
  });
}
