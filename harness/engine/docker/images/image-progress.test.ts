import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { reportSteps } from './image-progress.ts';

test('a silent step is repeated with its age, and nothing is said after disposal', async () => {
  const steps: string[] = [];
  {
    using report = reportSteps('kafka', ({ step }) => steps.push(step), 20);
    report('fetching the jars');
    await delay(70);
  }
  const said = steps.length;
  await delay(50);
  expect(steps[0]).toBe('fetching the jars');
  expect(steps[1]).toMatch(/^fetching the jars \(\d+ s so far\)$/);
  expect(steps).toHaveLength(said);
});
