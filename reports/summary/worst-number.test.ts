// The one number of a cell: what was demanded, what was allowed, what came.
import { expect, test } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { requiredRun, upheldRun, violatedRun } from '../testing/sample-records.ts';
import { worstNumber } from './worst-number.ts';

const allowing = (run: RunRecord): RunRecord => ({ ...run, scenario: { ...run.scenario, contract: { lost: 'allowed' } } });

test('a loss says whether it had to come, was allowed, or neither', () => {
  expect(worstNumber(requiredRun)).toBe('must lose: lost 4,977 of 4,977 exposed');
  expect(worstNumber(allowing(requiredRun))).toMatch(/^may lose: lost 4,977 of /);
  expect(worstNumber(allowing(upheldRun))).toMatch(/^lost 0 of /);
  expect(worstNumber(violatedRun)).toMatch(/^lost 12 of /);
});
