// The library's door: define scenarios, run them, judge old runs again.
import { judgeAgain as judgeAgainWith, type JudgeAgainOptions } from './run/judge-again.ts';
import { runScenario as runScenarioWith, runSuite as runSuiteWith, type RunSuiteOptions, type SuiteResult } from './run/run-suite.ts';
import type { Renderer } from './run/suite-files.ts';
import { tellAll } from './run/tell-all.ts';
import type { RunRecord } from './model/run-record.ts';
import type { Scenario } from './model/scenario.ts';
import type { BrokerInputs } from './scenario/broker-specs.ts';
import { defineScenario as defineScenarioWith, type DefineOptions } from './scenario/define-scenario.ts';
import type { ScenarioInputOf } from './scenario/input.ts';
import { loadScenarioFile as loadScenarioFileWith } from './scenario/load-scenario-file.ts';
import type { FileFormat } from '../reports/formats.ts';
import { renderRun, renderSuite } from '../reports/render.ts';

const render = { run: renderRun, suite: renderSuite };

/** Only these formats; the JSON record is always written. */
const rendererOf = (formats: readonly FileFormat[] | undefined): Renderer => ({ run: (record) => renderRun(record, formats), suite: (record) => renderSuite(record, formats) });

interface Formats {
  /** Which files to write beside the JSON record. Default: all. */
  readonly formats?: readonly FileFormat[];
}

/** Runs scenarios one after the other; see `RunSuiteOptions`. */
export const runSuite = ({ formats, ...options }: Omit<RunSuiteOptions, 'render'> & Formats): Promise<SuiteResult> => runSuiteWith({ ...options, render: rendererOf(formats) });

export interface RunScenarioOptions {
  /** Default: the scenario's name, so that the same scenario gets the same plan. */
  readonly seed?: string;
  readonly keep?: boolean;
  /** Default `reports/runs`. */
  readonly out?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: RunSuiteOptions['onProgress'];
}

/**
 * Runs one scenario and returns its record; the report is in the run's folder.
 * @throws environment errors (no engine, a node that never becomes ready); a violated contract is in the record, not thrown.
 */
export const runScenario = (scenario: Scenario, options: RunScenarioOptions = {}): Promise<RunRecord> =>
  runScenarioWith(scenario, {
    seed: options.seed ?? scenario.name,
    command: 'runScenario',
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => {}),
    render,
    ...(options.keep === undefined ? {} : { keep: options.keep }),
    ...(options.out === undefined ? {} : { out: options.out }),
  }).catch(rethrow);

/** Judges and renders again from the history, without an engine. */
export const judgeAgain = ({ formats, ...options }: Omit<JudgeAgainOptions, 'render'> & Formats): Promise<SuiteResult> => judgeAgainWith({ ...options, render: rendererOf(formats) });

/**
 * Fills in every default and checks the whole.
 * @throws LeaderfallError `E_SCENARIO_INVALID` with every problem in its message (place, value received, what is allowed);
 * `E_CONTRADICTION` when it is well formed and cannot work.
 */
export function defineScenario<Name extends keyof BrokerInputs>(input: ScenarioInputOf<Name>, options: DefineOptions = {}): Scenario {
  try {
    return defineScenarioWith(input, options);
  } catch (error) {
    throw tellAll(error);
  }
}

/** Scenarios from a YAML file or a module. @throws LeaderfallError as `defineScenario`, in YAML with each problem's file:line:column; `E_SCENARIO_UNKNOWN` for a file that cannot be read. */
export const loadScenarioFile = (path: string): Promise<readonly Scenario[]> => loadScenarioFileWith(path).catch(rethrow);

function rethrow(error: unknown): never {
  throw tellAll(error);
}

export type { DefineOptions } from './scenario/define-scenario.ts';
export type { ScenarioInput } from './scenario/input.ts';
export { policies } from './scenario/policies.ts';
export type { PolicyFragment } from './scenario/policies.ts';
export { suites } from '../suites/index.ts';
export { contracts } from './verdict/presets.ts';
export { LeaderfallError, isLeaderfallError, exitCodes } from './model/errors.ts';
export type { Scenario, Step, Target, Trigger } from './model/scenario.ts';
export type { Clause, Contract, Judgement, Measure, Verdict } from './model/contract.ts';
export type { Facts } from './model/facts.ts';
export type { RunRecord, SuiteRecord } from './model/run-record.ts';
export type { ProgressEvent, OnProgress } from './model/progress.ts';
