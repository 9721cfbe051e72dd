// history.jsonl: one line a suite. What was there stays to the letter until the cap pushes it out; nobody ever reads half a file.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isLeaderfallError, LeaderfallError } from '../model/errors.ts';
import { waitUntil } from '../model/wait.ts';
import { makeOutFolder, writeFiles } from '../run/suite-files.ts';
import { parseHistoryLine, type HistoryLine } from '../../reports/trend/history-line.ts';

/** The newest stay; whichever limit is reached first. A file in a repository or a cache must not grow for ever. */
export const historyLimits = { lines: 500, bytes: 5 * 1024 * 1024 } as const;
const lockMs = 20_000;

export interface History {
  readonly lines: readonly HistoryLine[];
  /** Places of lines that this version cannot read: `history.jsonl:12`. */
  readonly unread: readonly string[];
}

/** @throws LeaderfallError `E_RUN_NOT_FOUND` where there is no such file. */
export function readHistory(path: string): History {
  if (!existsSync(path)) throw new LeaderfallError('E_RUN_NOT_FOUND', `There is no history ${path}`, { hint: `leaderfall run --history ${path} begins one; leaderfall report RUN --history ${path} adds an earlier suite.` });
  const parsed = rawLines(path).map((text, index) => ({ line: parseHistoryLine(text), place: `${path}:${index + 1}` }));
  return { lines: parsed.flatMap(({ line }) => line ?? []), unread: parsed.flatMap(({ line, place }) => (line === null ? [place] : [])) };
}

/**
 * Adds a line, under a lock: two runs that end together both stand in it.
 * @returns how many of the oldest lines the cap pushed out.
 * @throws LeaderfallError `E_USAGE` where it cannot be written; `E_TIMEOUT` where another run holds it and does not end.
 */
export async function appendToHistory(path: string, line: HistoryLine, signal: AbortSignal, limits: { readonly lines: number; readonly bytes: number } = historyLimits): Promise<number> {
  const folder = makeOutFolder(dirname(path));
  using _lock = await lock(path, signal);
  const before = existsSync(path) ? rawLines(path) : [];
  const kept = newest([...before, JSON.stringify(line)], limits);
  try {
    writeFiles(folder, { [basename(path)]: `${kept.join('\n')}\n` });
  } catch (error) {
    throw isLeaderfallError(error) ? error : unwritable(path, error);
  }
  return before.length + 1 - kept.length;
}

const unwritable = (path: string, cause: unknown): LeaderfallError =>
  new LeaderfallError('E_USAGE', `The history ${path} cannot be written`, { hint: 'Choose a writable path; the suite itself is recorded, and leaderfall report adds it later.', cause });

/** A torn last line is a line of its own, so that the next one does not grow into it. */
const rawLines = (path: string): readonly string[] => readFileSync(path, 'utf8').split('\n').filter((text) => text.trim() !== '');

/** The last one always stays. */
function newest(lines: readonly string[], limits: { readonly lines: number; readonly bytes: number }): readonly string[] {
  const kept: string[] = [];
  let bytes = 0;
  for (const text of lines.toReversed()) {
    bytes += Buffer.byteLength(text) + 1;
    if (kept.length > 0 && (kept.length >= limits.lines || bytes > limits.bytes)) break;
    kept.push(text);
  }
  return kept.toReversed();
}

async function lock(path: string, signal: AbortSignal): Promise<Disposable> {
  const file = `${path}.lock`;
  const refusal = await waitUntil<unknown>(async () => {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return { done: true, value: null };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return { done: true, value: error };
      return { done: false, seen: `process ${takeFromTheDead(file)} writes to it` };
    }
  }, { describe: `the history ${path}`, timeoutMs: lockMs, signal, intervalMs: 20, hint: `Remove ${file} if no leaderfall is running.` });
  if (refusal !== null) throw unwritable(path, refusal);
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

/** A lock whose owner died goes aside: by its new name only one process can have taken it. @returns the owner. */
function takeFromTheDead(file: string): string {
  const owner = readFileSync(file, 'utf8');
  if (owner === '' || isAlive(Number(owner))) return owner;
  const aside = `${file}.${process.pid}`;
  renameSync(file, aside);
  // Somebody else was quicker and holds it anew: it is given back.
  if (readFileSync(aside, 'utf8') === owner) rmSync(aside);
  else renameSync(aside, file);
  return owner;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
