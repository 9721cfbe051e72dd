// A place to run memory scenarios in tests: real processes, a folder of its own, records without the cost of HTML.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measure } from '../../model/contract.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Scenario } from '../../model/scenario.ts';
import { defineScenario } from '../../scenario/define-scenario.ts';
import type { ScenarioInput } from '../../scenario/input.ts';
import { contracts } from '../../verdict/presets.ts';
import { runSuite, type RunSuiteOptions, type SuiteResult } from '../run-suite.ts';
import type { Renderer } from '../suite-files.ts';

const asJson = (record: unknown): string => JSON.stringify(record, null, 2);
export const jsonOnly: Renderer = { run: (record) => ({ 'run.json': asJson(record) }), suite: (record) => ({ 'suite.json': asJson(record) }) };

type MemoryInput = Extract<ScenarioInput, { readonly cluster: { readonly broker: 'memory' } }>;
type Changes = Partial<Omit<MemoryInput, 'name' | 'cluster'>> & { readonly defects?: MemoryInput['cluster']['defects'] };

/** A few hundred messages without any fault, at least once; everything can be changed. */
export function memoryScenario(name: string, { defects, producer, consumer, bounds, ...changes }: Changes = {}): Scenario {
  return defineScenario({
    name,
    cluster: { broker: 'memory', ...(defects === undefined ? {} : { defects }) },
    producer: { inFlight: 8, ratePerSecond: 800, timeoutMs: 400, ...producer },
    consumer: { prefetch: 20, ...consumer },
    steady: { acknowledged: 20 },
    steps: [{ wait: { acknowledged: 150 } }],
    contract: contracts.atLeastOnce(),
    ...changes,
    bounds: { steadyMs: 10_000, stepMs: 10_000, recoverMs: 10_000, drainMs: 30_000, auditMs: 10_000, ...bounds },
  });
}

export class Bench implements Disposable {
  readonly out = mkdtempSync(join(tmpdir(), 'leaderfall-bench-'));
  readonly interrupts = new AbortController();

  run(scenarios: readonly Scenario[], more: Partial<Pick<RunSuiteOptions, 'onProgress' | 'repeat' | 'seed' | 'capabilities' | 'allowNotRunnable' | 'pool'>> = {}): Promise<SuiteResult> {
    const { onProgress = () => {}, seed = 'bench', ...rest } = more;
    return runSuite({ scenarios, seed, render: jsonOnly, out: this.out, command: 'test', signal: this.interrupts.signal, onProgress, ...rest });
  }

  [Symbol.dispose](): void {
    rmSync(this.out, { recursive: true, force: true });
  }
}

export const countOf = (run: RunRecord, measure: Measure): number => run.facts!.measures.find((fact) => fact.measure === measure)!.count;
export const gateOf = (run: RunRecord, name: string): boolean | undefined => run.judgement.gates.find((gate) => gate.name === name)?.passed;
/** Names of the gates that failed. */
export const failedGates = (run: RunRecord): readonly string[] => run.judgement.gates.filter(({ passed }) => !passed).map(({ name }) => name);
/** Measures whose count is not 0. */
export const shown = (run: RunRecord): readonly Measure[] => run.facts!.measures.filter(({ count }) => count > 0).map(({ measure }) => measure);
