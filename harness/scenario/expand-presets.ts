// Policies and contracts that were named instead of written: replaced by what they stand for, so that the rest sees plain fields.
import { contracts } from '../model/contract-presets.ts';
import type { Contract } from '../model/contract.ts';
import type { BrokerInputs } from './broker-specs.ts';
import { exactlyOnceToCome, insteadOfExactlyOnce, policyFragments } from './policies.ts';
import { didYouMean } from './problem.ts';
import type { Path, Problem } from './problem.ts';
import { show } from './schema-problems.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Expanded<Value> {
  readonly value: Value;
  readonly problems: readonly Problem[];
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a policy's name sets, where the input names one that the broker has. A wrong name is left to the schema, apart from exactly-once. */
export function policyOf(input: Fields, broker: keyof BrokerInputs): Expanded<Fields | null> {
  const name = input['policy'];
  if (name === 'exactly-once') return { value: null, problems: [{ path: ['policy'], atKey: false, message: exactlyOnceToCome, hint: insteadOfExactlyOnce }] };
  const fragments: Readonly<Record<string, Fields>> = policyFragments[broker];
  return { value: typeof name === 'string' && Object.hasOwn(fragments, name) ? fragments[name]! : null, problems: [] };
}

/** What is written beside the name of a policy wins, field by field. */
export function withPolicy(input: Fields, policy: Fields): Fields {
  const part = (key: string): Fields => {
    const [written, named] = [input[key] ?? {}, policy[key]];
    return isFields(written) && isFields(named) ? { [key]: { ...named, ...written } } : {};
  };
  return { ...input, ...part('destination'), ...part('producer'), ...part('consumer') };
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const contractPresets: Readonly<Record<string, () => Contract>> = Object.fromEntries(Object.entries(contracts).map(([name, make]) => [kebab(name), make]));

export const contractPresetNames: readonly string[] = Object.keys(contractPresets);

/** `at-least-once`, `{ preset: at-least-once, unavailableMs: { max: 15000 } }`, or plain clauses, which stay as they are. */
export function expandContract(contract: unknown, at: Path = ['contract']): Expanded<unknown> {
  const isName = typeof contract === 'string';
  const name = isName ? contract : isFields(contract) ? contract['preset'] : undefined;
  if (name === undefined) return { value: contract, problems: [] };
  const make = typeof name === 'string' && Object.hasOwn(contractPresets, name) ? contractPresets[name] : undefined;
  if (make === undefined) {
    const path = isName ? at : [...at, 'preset'];
    const message = `received ${show(name, path)}; allowed: ${contractPresetNames.join(', ')}${isName ? ', or a map of measures to clauses' : ''}${didYouMean(String(name), contractPresetNames)}`;
    return { value: contract, problems: [{ path, atKey: false, message }] };
  }
  const { preset: _, ...written } = isFields(contract) ? contract : {};
  return { value: { ...make(), ...written }, problems: [] };
}
