// Records whose every free text is one given string: what a broker, a library or a scenario could put there. For tests only.
import fc from 'fast-check';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { failedRun, violatedRun } from './sample-records.ts';

/** Fields whose values are words of ours, not text from outside. */
const closed: ReadonlySet<string> = new Set(['schema', 'status', 'phase', 'verdict', 'measure', 'state', 'kind', 'role', 'base', 'storeKind', 'cause', 'contract', 'clause', 'source', 'startedAt', 'broker']);

export function withText<T>(value: T, text: string): T {
  return map(value, '', text) as T;
}

function map(value: unknown, key: string, text: string): unknown {
  if (closed.has(key)) return value;
  if (typeof value === 'string') return text;
  if (Array.isArray(value)) return value.map((item) => map(item, '', text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, map(item, name, text)]));
}

const attacks: readonly string[] = [
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", '</style><script>alert(1)</script>', '</title></desc></svg><h1>', ']]>]]><x/>', '&lt;&#60;&amp', 'javascript:alert(1)', 'javascript://x/%0aalert(1)', 'file://x/y',
  'https://example.invalid/"onclick="x', '\u0000\u0008\u001b[31mred\u001b[0m\u009b2J', '\ud800 lone \udc00', '\u202egnp.exe', '`${x}` | @team #1 [a](b) ![c](d) | <!--', '-->', '%0A::error::x', '\r\n::error::y', '  ', 'x'.repeat(300),
];

/** Anything at all, and texts that have broken other reports. */
export const anyText: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...attacks), fc.string({ unit: 'binary', maxLength: 60 }), fc.tuple(fc.constantFrom(...attacks), fc.string({ maxLength: 10 })).map(([attack, rest]) => attack + rest));

/** A run with findings and one that failed. */
export const hostileRuns = (text: string): readonly RunRecord[] => [withText(violatedRun, text), { ...withText(failedRun, text), repetition: 2 }];
