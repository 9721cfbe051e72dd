// How often each outcome came over the repetitions of a scenario: counts with their interval, never an adjective.
import type { RepetitionSummary, Share } from '../../harness/model/repetitions.ts';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';

/** That of the scenario and version of a run; null where it ran once. */
export function repetitionsOf({ repetitions = [] }: Partial<Pick<SuiteRecord, 'repetitions'>>, { scenario }: RunRecord): RepetitionSummary | null {
  const { broker, version } = scenario.cluster;
  return repetitions.find((each) => each.scenario === scenario.name && each.broker === broker && each.version === version) ?? null;
}

/** "3 of 20 (95 % interval 5 % to 36 %)". */
export const shareWords = ({ count, of, low, high }: Share): string =>
  of === 0 ? 'none judged' : `${count} of ${of} (95 % interval ${percentWords(low)} to ${percentWords(high)})`;

const percentWords = (share: number): string => `${Math.round(share * 100)} %`;
