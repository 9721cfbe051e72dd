// The history of the one run in a folder, for what is about messages: their numbers say nothing without their run.
import { basename } from 'node:path';
import { LeaderfallError } from '../model/errors.ts';
import type { HistorySource } from '../model/history.ts';
import { openHistory, readPlan } from '../history/open-history.ts';
import { runFiles } from '../history/segment-format.ts';
import { loadBroker } from './brokers.ts';
import { readSources } from './report-sources.ts';
import { refuseLivingRun } from './run-owner.ts';

/** @throws `E_RUN_NOT_FOUND`, `E_HISTORY_CORRUPT`, `E_HISTORY_NEWER`; `E_USAGE` where the folder holds several runs, or one that is still going. */
export async function openTheRun(folder: string): Promise<HistorySource> {
  const run = theRun(folder);
  refuseLivingRun(run);
  const { spec } = await loadBroker(readPlan(runFiles(run).plan, run).scenario.cluster.broker);
  return await openHistory(run, (plan) => spec.storeKind(plan.scenario.destination));
}

function theRun(folder: string): string {
  const runs = readSources([folder]).flatMap((source) => source.runs);
  if (runs.length === 1) return runs[0]!;
  if (runs.length === 0) throw new LeaderfallError('E_RUN_NOT_FOUND', `${folder} holds no run`, { hint: "Name a run's folder under reports/runs." });
  throw new LeaderfallError('E_USAGE', `${folder} holds ${runs.length} runs, and each has messages of the same numbers`, { detail: runs.map((run) => `${folder.replace(/\/$/, '')}/${basename(run)}`).join('\n'), hint: 'Name one of them.' });
}
