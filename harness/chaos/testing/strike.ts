// A fault on its own, as the injector plays it: what heals it is known before it strikes.
import type { FaultName } from '../../model/scenario.ts';
import { faults } from '../catalogue.ts';
import { healEach, type ActiveFault, type FaultContext, type Heal } from '../fault.ts';

export type StrikeContext = Omit<FaultContext, 'healWith'>;

export interface Struck extends ActiveFault {
  readonly heal: Heal;
}

/** One that cannot be injected is healed before the error is told, as by the phase that follows it in a run. */
export async function strike(fault: FaultName, context: StrikeContext): Promise<Struck> {
  const heals: Heal[] = [];
  const heal: Heal = (signal) => healEach(heals, signal);
  try {
    const { prove } = await faults[fault].inject({ ...context, healWith: (one) => heals.push(one) });
    return { prove, heal };
  } catch (error) {
    await heal(new AbortController().signal);
    throw error;
  }
}
