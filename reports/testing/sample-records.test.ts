// What the samples say is what a real run would: the verdict's own sentence over the sample's facts.
import { expect, test } from 'vitest';
import { sentenceFor } from '../../harness/verdict/sentence.ts';
import { interruptedRun } from './sample-matrix.ts';
import { mixedSuite } from './sample-records.ts';

const judged = [...mixedSuite.runs, interruptedRun].flatMap((run) => (run.facts === null || run.status !== 'completed' ? [] : [{ name: run.scenario.name, run, facts: run.facts }]));

test.each(judged)('$name says what the verdict says', ({ run: { scenario, judgement }, facts }) => {
  expect(judgement.sentence).toBe(sentenceFor(judgement.verdict, judgement.clauses, judgement.gates, scenario, facts));
});
