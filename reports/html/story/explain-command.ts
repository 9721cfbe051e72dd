// The command that tells the story of a message that no report has room for.
import type { RunRecord } from '../../../harness/model/run-record.ts';

/** `leaderfall explain reports/runs/…/20261123T091402Z-… PRODUCER:SEQUENCE`: where a suite lies is not in its record. */
export const explainCommand = ({ runId }: Pick<RunRecord, 'runId'>): string => `npx leaderfall explain …/${runId} PRODUCER:SEQUENCE`;
