// The reader of numbers itself: it finds nothing in what was rendered, and a number that somebody changed.
import { expect, test } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { renderRun } from '../render.ts';
import { interruptedRun } from './sample-matrix.ts';
import { inconclusiveRun, requiredRun, safeTwinRun, upheldRun, violatedRun } from './sample-records.ts';
import { disagreementsIn } from './told-numbers.ts';

const told = (run: RunRecord, changed: Readonly<Record<string, string>> = {}): readonly string[] => {
  const files = { ...renderRun(run), ...changed };
  return disagreementsIn((name) => files[name]!);
};

test.each([upheldRun, requiredRun, safeTwinRun, violatedRun, inconclusiveRun, interruptedRun].map((run) => [run.scenario.name, run.status, run.judgement.verdict, run] as const))('%s, %s and %s, is told alike in every format', (_, __, ___, run) => {
  expect(told(run)).toEqual([]);
});

// 7,340 ms of unavailability, violated; a fault that recovered in as long.
test.each([
  ['report.html', 'unavailableMs, as shown', /(--counts-unavailableMs"[\s\S]*?<data value="7340">)7\.3 s/, '$17.4 s'],
  ['report.html', 'unavailableMs', /(--counts-unavailableMs"[\s\S]*?<data value=")7340/, '$17341'],
  ['report.html', 'clause longest unavailability', /(unmet first[\s\S]*?)7,340/, '$17,341'],
  ['report.html', 'fault 0 to recover', /(Times are counted[\s\S]*?)7\.3 s/, '$17.4 s'],
  ['summary.md', 'time to recover', /7\.3 s/, '7.4 s'],
  ['summary.md', 'fault 0 to recover', /(\| to recover[\s\S]*?)7\.3 s/, '$17.4 s'],
  ['junit.xml', 'unavailableMs', /unavailableMs: 7,340/, 'unavailableMs: 7,341'],
  ['metrics.txt', 'unavailable_seconds', /(_unavailable_seconds\{.*\}) 7\.34/, '$1 7.35'],
  ['metrics.txt', 'unavailable_least_seconds', /_unavailable_seconds\{/, '_unavailable_least_seconds{'],
  ['metrics.txt', 'fault_recovery_seconds', /(fault_recovery_seconds\{.*\}) 7\.34/, '$1 7.35'],
  ['metrics.txt', 'acknowledge_latency_seconds_count', /(latency_seconds_count\{.*\}) \d+/, '$1 1'],
])('in %s another %s is noticed', (file, name, number, instead) => {
  const text = renderRun(violatedRun)[file]!;
  const wrong = text.replace(number, instead);
  expect(wrong).not.toBe(text);
  expect(told(violatedRun, { [file]: wrong }).join('\n')).toContain(`${file} says that`);
  expect(told(violatedRun, { [file]: wrong }).join('\n')).toContain(name);
});
