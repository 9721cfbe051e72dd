// What a scenario is there for beside the others of its suite: to hold, to lose so that its safe twin's result means something, or to show by itself.
import { isUnsafeBeside } from '../../harness/model/clause.ts';
import type { Measure } from '../../harness/model/contract.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { demanded } from './result.ts';

/**
 * `unsafe-twin`: it must show what its twin must not. `shows-itself`: it must show something, and no safe result rests on that.
 * `safe`: its contract demands nothing.
 */
export const roles = ['safe', 'shows-itself', 'unsafe-twin'] as const;
export type Role = (typeof roles)[number];

/** As a card of the matrix says it; empty where there is nothing to say. */
export const roleWords: Readonly<Record<Role, string>> = { safe: '', 'unsafe-twin': 'unsafe twin', 'shows-itself': 'must show it' };

/** What only an unsafe policy does. A safe one redelivers, and does not know what became of what was under way. */
const harms: readonly Measure[] = ['lost', 'erased', 'settledUnprocessed', 'duplicated', 'processedTwice', 'copies', 'republished', 'reordered', 'skipped', 'offsetConflicts'];

/** Either side may name the other. Of a twin that is not among the runs nobody knows the contract: then its own tells. */
export function roleOf(run: RunRecord, runs: readonly RunRecord[]): Role {
  const { name, twin, contract } = run.scenario;
  const must = demanded(contract);
  if (must.length === 0) return 'safe';
  const twins = runs.filter(({ scenario }) => scenario.name !== name && (scenario.name === twin || scenario.twin === name));
  const unsafe = twins.length > 0 ? twins.some(({ scenario }) => isUnsafeBeside(contract, scenario.contract)) : twin !== null && must.some((measure) => harms.includes(measure));
  return unsafe ? 'unsafe-twin' : 'shows-itself';
}
