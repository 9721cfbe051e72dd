// What a test expects of a count, as clauses of a contract, so that it is judged by the same rules as any contract.
import type { Clause } from '../model/contract.ts';
import { LeaderfallError } from '../model/errors.ts';

/** A number is exact. `exposed`: the messages lost are those that the faults exposed, all of them and no other. Bounds are inclusive. */
export type CountExpectation = number | 'exposed' | { readonly min?: number; readonly max?: number };

/** One clause, or two for a range. @throws `E_USAGE` for what is no count. */
export function clausesOf(expected: CountExpectation): readonly Clause[] {
  if (expected === 'exposed') return [{ equals: 'exposed' }];
  if (isCount(expected)) return [{ equals: expected }];
  if (typeof expected !== 'object' || expected === null || Object.keys(expected).some((key) => key !== 'min' && key !== 'max')) throw refused(expected);
  const { min, max } = expected;
  const bounds = [min, max].filter((bound) => bound !== undefined);
  if (bounds.length === 0 || !bounds.every(isCount) || (min !== undefined && max !== undefined && min > max)) throw refused(expected);
  return [...(min === undefined ? [] : [{ min }]), ...(max === undefined ? [] : [{ max }])];
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const advice = "Give a number, 'exposed', { max }, { min }, or { min, max } with min no more than max.";

const refused = (expected: unknown): LeaderfallError =>
  new LeaderfallError('E_USAGE', `${JSON.stringify(expected) ?? String(expected)} is no expectation of a count. ${advice}`, { hint: advice });

/** As it is written in a test: `0`, `'exposed'`, `{ max: 3 }`. */
export function spell(expected: CountExpectation): string {
  if (typeof expected === 'number') return String(expected);
  if (typeof expected === 'string') return `'${expected}'`;
  return `{ ${Object.entries(expected).map(([key, value]) => `${key}: ${String(value)}`).join(', ')} }`;
}
