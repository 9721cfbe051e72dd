// The suite as policy × fault, per broker and version: rows and columns from the scenarios' names, a cell for each version.
import { familiesOf } from '../../harness/model/fault-parameters.ts';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import type { Family } from './families.ts';
import { roleOf, roles, type Role } from './role.ts';
import { summarise, type ScenarioSummary } from './summarise.ts';
import { brokerOf, versionOf, versionsByBroker } from './versions.ts';

export type MatrixCell =
  | { readonly kind: 'run'; readonly summary: ScenarioSummary; readonly role: Role }
  | { readonly kind: 'not-applicable' | 'not-run'; readonly reason: string };

export interface MatrixRow {
  readonly policy: string;
  /** One a fault and version, faults outermost; null: the suite has no such scenario. */
  readonly cells: readonly (MatrixCell | null)[];
}

export interface Matrix {
  /** What the names begin with: `kafka`. */
  readonly heading: string;
  readonly broker: string;
  readonly versions: readonly string[];
  readonly faults: readonly string[];
  /** Of each fault. */
  readonly families: readonly Family[];
  readonly rows: readonly MatrixRow[];
}

interface Place {
  readonly heading: string;
  readonly policy: string;
  readonly fault: string;
}

/** Scenarios about clients have a section of their own. */
export const isClientTruth = (name: string): boolean => name.startsWith('client-truth/');

const wellNamed = /^[\w.-]+(?:\/[\w.-]+){2,}$/;

/** Policy and fault are the last two parts of a name; one without them has no place. */
function placeOf(name: string): Place | null {
  if (!wellNamed.test(name) || isClientTruth(name)) return null;
  const parts = name.split('/');
  return { heading: parts.slice(0, -2).join('/'), policy: parts.at(-2)!, fault: parts.at(-1)! };
}

/** One matrix for each beginning of names; empty where no scenario has a place. */
export function matricesOf(suite: SuiteRecord): readonly Matrix[] {
  const summaries = summarise(suite);
  // In the order in which they ran, not worst first: a matrix is read by place.
  const ran = suite.runs.map(({ scenario }) => scenario.name);
  const names = [...new Set([...ran, ...suite.notApplicable.map(({ name }) => name), ...suite.notRunnable.map(({ name }) => name)])].filter((name) => placeOf(name) !== null);
  const groups = Map.groupBy(names, (name) => placeOf(name)!.heading);
  return [...groups].map(([heading, inside]) => matrixOf(heading, inside, suite, summaries));
}

function matrixOf(heading: string, names: readonly string[], suite: SuiteRecord, summaries: readonly ScenarioSummary[]): Matrix {
  const broker = brokerOf(names[0]!, suite.runs);
  const versions = versionsByBroker(suite).get(broker) ?? [''];
  const faults = faultsOf(names, suite.runs);
  const known = new Set(names);
  const rows = policiesOf(names, suite.runs).map((policy): MatrixRow => {
    const cells = faults.flatMap((fault) => versions.map((version) => {
      const name = `${heading}/${policy}/${fault}`;
      return known.has(name) ? cellOf(name, version, suite, summaries) : null;
    }));
    return { policy, cells };
  });
  return { heading, broker, versions, faults, families: faults.map((fault) => familyUnder(fault, names, suite)), rows };
}

function cellOf(name: string, version: string, suite: SuiteRecord, summaries: readonly ScenarioSummary[]): MatrixCell | null {
  const summary = summaries.find((each) => each.name === name && versionOf(each.runs[0]!) === version);
  if (summary !== undefined) return { kind: 'run', summary, role: roleOf(summary.worst, suite.runs) };
  const other = suite.notApplicable.find((each) => each.name === name && each.version === version);
  if (other !== undefined) return { kind: 'not-applicable', reason: other.reason };
  const missing = suite.notRunnable.find((each) => each.name === name && (each.version === undefined || version === '' || each.version === version));
  return missing === undefined ? null : { kind: 'not-run', reason: missing.reason };
}

/** Of the last fault that was injected: what came before it prepared it. */
function familyUnder(fault: string, names: readonly string[], { runs, notRunnable }: SuiteRecord): Family {
  const own = new Set(names.filter((name) => placeOf(name)!.fault === fault));
  const run = runs.find(({ scenario }) => own.has(scenario.name));
  const families = run === undefined ? notRunnable.find(({ name }) => own.has(name))?.families : familiesOf(run.scenario);
  return families?.at(-1) ?? (run === undefined ? 'other' : 'none');
}

/** Without any fault first: it is what the others are compared with. */
function faultsOf(names: readonly string[], runs: readonly RunRecord[]): readonly string[] {
  const faults = [...new Set(names.map((name) => placeOf(name)!.fault))];
  const calm = new Set(runs.filter(({ scenario }) => !scenario.steps.some(({ kind }) => kind === 'inject')).map(({ scenario }) => placeOf(scenario.name)?.fault));
  return [...faults.filter((fault) => calm.has(fault)), ...faults.filter((fault) => !calm.has(fault))];
}

/** As they ran, and each unsafe twin right after its safe partner. */
function policiesOf(names: readonly string[], runs: readonly RunRecord[]): readonly string[] {
  const twins = new Map(runs.map(({ scenario }) => [scenario.name, scenario.twin]));
  const ordered = new Set<string>();
  const safeFirst = names.toSorted((a, b) => rank(a, runs) - rank(b, runs));
  for (const { policy } of safeFirst.map((name) => placeOf(name)!)) {
    ordered.add(policy);
    const partners = names.filter((name) => placeOf(name)!.policy === policy).flatMap((name) => twins.get(name) ?? []);
    for (const partner of partners) if (names.includes(partner)) ordered.add(placeOf(partner)!.policy);
  }
  return [...ordered];
}

/** Unsafe twins last: their partners bring them along. */
const rank = (name: string, runs: readonly RunRecord[]): number =>
  Math.max(0, ...runs.filter(({ scenario }) => scenario.name === name).map((run) => roles.indexOf(roleOf(run, runs))));
