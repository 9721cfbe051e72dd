// How runs came out by the family of their faults: shows at a glance which kind of trouble a suite covers, and which it could not.
import { familiesOf, faultFamilies, type FaultFamily } from '../../harness/model/fault-parameters.ts';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { resultOf } from './result.ts';

export const familyOutcomes = ['upheld', 'violated', 'inconclusive', 'failed', 'notRunnable'] as const;
export type FamilyOutcome = (typeof familyOutcomes)[number];

export const outcomeWords: Readonly<Record<FamilyOutcome, string>> = {
  upheld: 'upheld', violated: 'violated', inconclusive: 'inconclusive', failed: 'failed', notRunnable: 'not runnable',
};

/** `none`: no fault was injected; `other`: nobody knows which. */
export type Family = FaultFamily | 'none' | 'other';

/** In the order in which they are read. */
export const familyWords: Readonly<Record<Family, string>> = {
  none: 'No fault', process: 'Processes', 'node-links': 'Links between nodes', 'client-links': 'Links to clients', storage: 'Storage', leadership: 'Leadership', client: 'Clients', 'broker-policy': 'Broker policies', other: 'Other',
};

export interface FamilyTally {
  readonly family: Exclude<Family, 'other'>;
  readonly runs: number;
  readonly outcomes: Readonly<Record<FamilyOutcome, number>>;
}

/** In the order of the catalogue; a run with faults of several families counts in each. Families that nothing belongs to are left out. */
export function familyTallies({ runs, notRunnable }: Pick<SuiteRecord, 'runs' | 'notRunnable'>): readonly FamilyTally[] {
  const all = [
    ...runs.map((run) => ({ families: orNone(familiesOf(run.scenario)), outcome: outcomeOf(run) })),
    ...notRunnable.flatMap(({ families }) => (families === undefined ? [] : [{ families: orNone(families), outcome: 'notRunnable' as const }])),
  ];
  return [...faultFamilies, 'none' as const].flatMap((family) => {
    const own = all.filter(({ families }) => families.includes(family));
    const count = (outcome: FamilyOutcome): number => own.filter((one) => one.outcome === outcome).length;
    if (own.length === 0) return [];
    const outcomes = { upheld: count('upheld'), violated: count('violated'), inconclusive: count('inconclusive'), failed: count('failed'), notRunnable: count('notRunnable') };
    return [{ family, runs: own.length - outcomes.notRunnable, outcomes }];
  });
}

const orNone = (families: readonly string[]): readonly string[] => (families.length === 0 ? ['none'] : families);

/** A fault that this machine cannot do ends its run with that error: nothing was tried. */
function outcomeOf(run: RunRecord): FamilyOutcome {
  const result = resultOf(run);
  if (result === 'failed') return run.error?.code === 'E_CAPABILITY' ? 'notRunnable' : 'failed';
  if (result === 'interrupted') return 'failed';
  return result === 'required' ? 'upheld' : result;
}
