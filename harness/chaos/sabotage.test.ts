// Every fault has a test, for each kind of thing that it strikes, in which its injection is swallowed and its proof fails.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faultDeclarations } from '../model/fault-parameters.ts';
import { faultNames } from '../model/scenario.ts';
import { faults } from './catalogue.ts';
import { benchFiles, sabotages, sabotagesOn, type SabotageBench } from './testing/sabotage.ts';

const benches = Object.keys(benchFiles) as SabotageBench[];
const root = join(import.meta.dirname, '../..');

test.each(faultNames)('%s is sabotaged on everything that it strikes', (fault) => {
  expect(Object.keys(sabotages[fault]).toSorted()).toEqual([...faultDeclarations[fault].strikes].toSorted());
  expect(faults[fault].name).toBe(fault);
});

test.each(benches)('the bench "%s" has cases, and its file plays all of them', (bench) => {
  expect(sabotagesOn(bench).length).toBeGreaterThan(0);
  expect(readFileSync(join(root, benchFiles[bench]), 'utf8')).toMatch(new RegExp(`^\\s*(test|describe)\\.each\\(sabotagesOn\\('${bench}'\\)\\)`, 'm'));
});
