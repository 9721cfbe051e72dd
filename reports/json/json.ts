// The record itself, for programs and for reading.
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';

export const renderJson = (record: RunRecord | SuiteRecord): string => `${JSON.stringify(record, null, 2)}\n`;
