// From a sealed folder to facts and a judgement: the same for a run that just ended and for one from last year.
import type { Contract, Judgement } from '../model/contract.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/scenario.ts';
import type { TimelineEntry } from '../model/timeline.ts';
import { check } from '../checkers/check.ts';
import { openHistory, readPlan } from '../history/open-history.ts';
import { judge } from '../verdict/judge.ts';
import { loadBroker } from './brokers.ts';
import { runFiles } from '../history/segment-format.ts';

export interface Judged {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly judgement: Judgement;
  readonly timeline: readonly TimelineEntry[];
}

/**
 * @param contract judge by this contract instead of the scenario's own.
 * @throws `E_RUN_NOT_FOUND`, `E_HISTORY_CORRUPT`, `E_HISTORY_NEWER`.
 */
export async function judgeFolder(folder: string, contract?: Contract): Promise<Judged> {
  const { cluster } = readPlan(runFiles(folder).plan, folder).scenario;
  const { spec } = await loadBroker(cluster.broker);
  const history = await openHistory(folder, (plan) => spec.storeKind(plan.scenario.destination));
  const facts = await check(history);
  const plan = contract === undefined ? history.plan : { ...history.plan, scenario: { ...history.plan.scenario, contract } };
  return { plan, facts, judgement: judge({ scenario: plan.scenario, facts }), timeline: await history.timeline() };
}
