// Which of the chosen scenarios this machine can run at all. One that it cannot is listed with the reason, and nothing is started for it.
import type { CapabilitiesHere, CapabilityOptions } from '../engine/docker/capabilities-here.ts';
import { LeaderfallError } from '../model/errors.ts';
import { familiesOf } from '../model/fault-parameters.ts';
import { firstMissing, machineNeedsOf } from '../model/machine-needs.ts';
import type { SuiteRecord } from '../model/run-record.ts';
import type { Scenario } from '../model/scenario.ts';

export interface RunnableHere {
  readonly scenarios: readonly Scenario[];
  readonly notRunnable: SuiteRecord['notRunnable'];
}

/** Without an engine every scenario stays: that is an error of its own, which each run tells with what to do about it. */
export async function runnableHere(chosen: readonly Scenario[], capabilities: CapabilitiesHere, options: CapabilityOptions): Promise<RunnableHere> {
  const wanted = [...new Set(chosen.flatMap(machineNeedsOf))];
  // An engine alone is what the run itself asks for first.
  if (wanted.every((need) => need === 'engine')) return { scenarios: chosen, notRunnable: [] };
  const here = await capabilities(wanted, options);
  if (here.get('engine')?.ok === false) return { scenarios: chosen, notRunnable: [] };
  const notRunnable = chosen.flatMap((scenario) => {
    const missing = firstMissing(machineNeedsOf(scenario), here);
    if (missing === null) return [];
    const { name, cluster } = scenario;
    return [{ scenario, entry: { name, version: cluster.version, families: familiesOf(scenario), lacks: missing.need, reason: `this machine lacks ${missing.need}: ${missing.reason}` } }];
  });
  const left = new Set(notRunnable.map(({ scenario }) => scenario));
  return { scenarios: chosen.filter((scenario) => !left.has(scenario)), notRunnable: notRunnable.map(({ entry }) => entry) };
}

/** For a caller that wanted one run and no record of why there is none. */
export const notRunnableError = ({ name, reason }: SuiteRecord['notRunnable'][number]): LeaderfallError =>
  new LeaderfallError('E_CAPABILITY', `${name} is not runnable here: ${reason}`, { hint: 'Run `leaderfall doctor` to see what this machine lacks.' });
