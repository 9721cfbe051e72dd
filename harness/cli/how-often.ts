// Scenarios that ran several times: how often what the contract speaks of was seen. How often each verdict came is in the table.
import type { RepetitionSummary } from '../model/repetitions.ts';
import type { SuiteRecord } from '../model/run-record.ts';
import { describeShare } from '../verdict/repetitions.ts';

/** One line a scenario and version: "kafka/acks-1/leader-kill: lost in 3 of 20 (95 % interval 5 % to 36 %)". None where nothing was seen. */
export function howOften({ repetitions = [] }: SuiteRecord): readonly string[] {
  const several = new Set(repetitions.map(({ broker, version }) => `${broker} ${version}`)).size > new Set(repetitions.map(({ broker }) => broker)).size;
  return repetitions.flatMap((summary) => {
    const counts = seen(summary);
    return counts.length === 0 ? [] : [`${summary.scenario}${several ? ` on ${summary.version}` : ''}: ${counts.join(', ')}`];
  });
}

function seen({ clauses, measures }: RepetitionSummary): readonly string[] {
  const named = new Set(clauses.map(({ measure }) => measure));
  const counted = measures.filter(({ measure, shown }) => measure !== 'unavailableMs' && named.has(measure) && shown.count > 0);
  return counted.map(({ measure, shown }) => `${measure} in ${describeShare(shown)}`);
}
