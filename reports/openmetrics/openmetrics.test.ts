import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText, hostileRuns } from '../testing/hostile.ts';
import { interruptedRun, versionSuite } from '../testing/sample-matrix.ts';
import { failedRun, inconclusiveRun, mixedSuite, upheldRun, violatedRun } from '../testing/sample-records.ts';
import { renderRunMetrics, renderSuiteMetrics } from './openmetrics.ts';

const sample = /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** Families in order, with their samples; throws on a line that OpenMetrics does not allow. */
function read(text: string): ReadonlyMap<string, readonly string[]> {
  const lines = text.split('\n');
  expect(lines.slice(-2)).toEqual(['# EOF', '']);
  const families = new Map<string, string[]>();
  let current = '';
  for (const line of lines.slice(0, -2)) {
    const type = /^# TYPE ([a-z_]+) (gauge|summary|info)$/.exec(line);
    if (type !== null) {
      current = type[1]!;
      if (families.has(current)) throw new Error(`Family ${current} twice`);
      families.set(current, []);
    } else if (!/^# (UNIT|HELP) /.test(line)) {
      if (!sample.test(line) || !line.startsWith(current)) throw new Error(`Not a sample of ${current}: ${line}`);
      families.get(current)!.push(line);
    }
  }
  return families;
}

test('the verdict is one-hot for each run and for the suite', () => {
  const families = read(renderSuiteMetrics(mixedSuite));
  expect(families.get('leaderfall_suite_verdict')!.filter((line) => line.endsWith(' 1'))).toEqual(['leaderfall_suite_verdict{verdict="violated"} 1']);
  const hot = families.get('leaderfall_run_verdict')!.filter((line) => line.endsWith(' 1'));
  expect(hot).toHaveLength(mixedSuite.runs.length);
  expect(families.get('leaderfall_run_verdict')).toHaveLength(mixedSuite.runs.length * 5);
  expect(read(renderRunMetrics(failedRun)).get('leaderfall_run_verdict')!.find((line) => line.endsWith(' 1'))).toContain('verdict="failed"');
});

test('counts are the record’s and times are seconds', () => {
  const families = read(renderRunMetrics(violatedRun));
  const labels = 'scenario="rabbitmq/quorum-confirms/leader-kill",version="4.3",repetition="1"';
  expect(families.get('leaderfall_accounted_messages')).toContain(`leaderfall_accounted_messages{${labels},state="lost"} 12`);
  expect(families.get('leaderfall_lost_messages')).toContain(`leaderfall_lost_messages{${labels},cause="broker"} 12`);
  expect(families.get('leaderfall_fault_recovery_seconds')).toEqual([`leaderfall_fault_recovery_seconds{${labels},fault="leader-kill"} 7.34`]);
  expect(families.get('leaderfall_acknowledge_latency_seconds')).toContain(`leaderfall_acknowledge_latency_seconds_count{${labels}} 41210`);
});

test('each version has series of its own', () => {
  const lines = read(renderSuiteMetrics(versionSuite)).get('leaderfall_run_verdict')!.filter((line) => line.includes('"kafka/acks-all/leader-kill"') && line.endsWith(' 1'));
  expect(lines.map((line) => /version="([^"]+)"/.exec(line)![1])).toEqual(['3.9', '4.1', '4.3']);
});

test('a recovery that never came has no sample, rather than a zero', () => {
  expect(read(renderRunMetrics(inconclusiveRun)).has('leaderfall_fault_recovery_seconds')).toBe(false);
});

test.each([
  ['known', { conclusive: true }, ['leaderfall_unavailable_seconds']],
  ['a lower bound', { conclusive: false, atLeast: true, reasons: ['partition 0 never recovered'] }, ['leaderfall_unavailable_least_seconds']],
  ['not known', { conclusive: false, reasons: ['nothing is acknowledged under this policy'] }, []],
] as const)('an unavailability that is %s is told as no more than that', (_, certainty, families) => {
  const measures = upheldRun.facts!.measures.map(({ atLeast: _, ...fact }) => (fact.measure === 'unavailableMs' ? { ...fact, count: 3420, ...certainty } : fact));
  const all = read(renderRunMetrics({ ...upheldRun, facts: { ...upheldRun.facts!, measures } }));
  expect([...all.keys()].filter((name) => /_unavailable_.*seconds/.test(name))).toEqual(families);
  expect(families.flatMap((name) => all.get(name)!).every((line) => line.endsWith(' 3.42'))).toBe(true);
});

test('of a run that was interrupted unavailability is a lower bound', () => {
  const all = read(renderRunMetrics(interruptedRun));
  expect([all.has('leaderfall_unavailable_seconds'), all.has('leaderfall_unavailable_least_seconds')]).toEqual([false, true]);
});

test('units stand in the name of their family', () => {
  for (const [, name, unit] of renderSuiteMetrics(mixedSuite).matchAll(/^# UNIT (\S+) (\S+)$/gm)) expect(name).toMatch(new RegExp(`_${unit}$`));
});

test('any text gives metrics that can be read', () => {
  const count = (text: string): number => [...read(renderSuiteMetrics({ ...mixedSuite, runs: hostileRuns(text) })).values()].flat().length;
  const expected = count('x');
  fc.assert(fc.property(anyText, (text) => { expect(count(text)).toBe(expected); }), { numRuns: 150 });
});
