// Turns the schema library's issues into problems: place, value received, what is allowed, what was probably meant.
import type { z } from 'zod';
import { isSecretKey, redacted } from '../model/configuration.ts';
import { didYouMean } from './problem.ts';
import type { Path, Problem } from './problem.ts';
import { describeSchema, jsonSchemaOf, keysAt, schemasAt, wordsAt } from './schema-words.ts';
import type { JsonSchema } from './schema-words.ts';

type Issue = z.core.$ZodIssue;

/** @param input what was checked: the values received are read from it. */
export function schemaProblems(schema: z.ZodType, issues: readonly Issue[], input: unknown): readonly Problem[] {
  const root = jsonSchemaOf(schema);
  return withoutEchoes(issues).flatMap((issue) => problemsOf(issue, [], { root, input }));
}

/** A refinement that fails where a key is already unknown says nothing new. */
function withoutEchoes(issues: readonly Issue[]): readonly Issue[] {
  const unknownAt = new Set(issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => path.join('.')));
  return issues.filter((issue) => issue.code !== 'custom' || !unknownAt.has(issue.path.join('.')));
}

interface Context {
  readonly root: JsonSchema;
  readonly input: unknown;
}

function problemsOf(issue: Issue, prefix: Path, context: Context): readonly Problem[] {
  const path: Path = [...prefix, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, context));
  if (issue.code === 'invalid_union') {
    const branch = bestBranch(issue.errors as readonly (readonly Issue[])[]);
    if (branch !== null) return withoutEchoes(branch).flatMap((inner) => problemsOf(inner, path, context));
  }
  return [{ path, atKey: false, message: messageOf(issue, path, context) }];
}

function unknownKey(path: Path, key: string, { root }: Context): Problem {
  const known = keysAt(root, path);
  const suggestion = didYouMean(key, known);
  const allowed = suggestion === '' && known.length > 0 ? `; allowed: ${known.join(', ')}` : suggestion;
  return { path: [...path, key], atKey: true, message: `unknown key "${key}"${allowed}` };
}

/** The branch of a union that was most likely meant, or null when none stands out. */
function bestBranch(errors: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const scored = errors.map((issues) => ({ issues, score: issues.reduce((sum, issue) => sum + weight(issue), 0) })).sort((a, b) => a.score - b.score);
  const [first, second] = scored;
  if (first === undefined || first.score >= farOff || first.score === second?.score) return null;
  return first.issues;
}

const farOff = 1_000;

/** Issues inside a branch cost little: its keys matched. A wrong kind of value costs all. */
function weight(issue: Issue): number {
  if (issue.code === 'unrecognized_keys') return issue.path.length === 0 ? issue.keys.length * 10 : 1;
  if (issue.path.length === 0) return farOff;
  return issue.path.length === 1 ? 5 : 1;
}

function messageOf(issue: Issue, path: Path, { root, input }: Context): string {
  const value = valueAt(input, path);
  const allowed = [...new Set(schemasAt(root, path).map((schema) => describeSchema(schema)))].join(', ');
  if (value === undefined) return `is missing; allowed: ${allowed}`;
  const received = `received ${show(value, path)}`;
  if (issue.code === 'custom') return `${received}; needed: ${issue.message}`;
  if (issue.code === 'invalid_format') return `${received}; needed: ${issue.format === 'url' ? 'an http or https address' : issue.message}`;
  return `${received}; allowed: ${allowed || issue.message}${suggestionFor(value, path, root)}`;
}

function suggestionFor(value: unknown, path: Path, root: JsonSchema): string {
  if (typeof value === 'string') return didYouMean(value, wordsAt(root, path));
  const [key] = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return key === undefined ? '' : didYouMean(key, keysAt(root, path).filter((known) => known !== key));
}

export function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => (typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[part] : undefined), input);
}

/** A value as it may be shown in a message: short, and never a secret. */
export function show(value: unknown, path: Path): string {
  if (path.some((part) => typeof part === 'string' && isSecretKey(part))) return redacted;
  const text = JSON.stringify(value, (key, inner: unknown) => (isSecretKey(key) ? redacted : inner)) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
