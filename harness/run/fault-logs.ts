// Cuts the logs of the nodes that a fault concerns into windows around its strike. Logs are read once, line by line, however many faults there are.
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Facts, FaultFact } from '../model/facts.ts';
import type { FaultLog, LogLine, NodeLog } from '../model/node-logs.ts';
import { continuationOf, mostTelling, shortened, stampOf } from './log-lines.ts';

const beforeMs = 5_000;
const afterMs = 10_000;
/** A leader that came later than this after a strike is not known to have come because of it. */
const movedWithinMs = 30_000;
const mostLines = 40;
const fewestLines = 8;
/** Over all windows of a run. */
const mostLinesOfRun = 2_400;
/** Entries of a window that are looked at; a node that logs everything must not fill the memory. */
const mostRead = 20_000;

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  readonly strikeMs: number;
  readonly entries: { timeMs: number; text: string }[];
  unread: number;
}

/** @param originMs wall clock at which the run began, in milliseconds since 1970. */
export async function faultLogsOf(folder: string, { faults, leaderChanges }: Pick<Facts, 'faults' | 'leaderChanges'>, originMs: number): Promise<readonly FaultLog[]> {
  const wanted = faults.map((fault) => ({ fault, nodes: nodesOf(fault, faults, leaderChanges), ...spanOf(fault) }));
  const names = [...new Set(wanted.flatMap(({ nodes }) => nodes))];
  const windows = new Map(names.map((node) => [node, new Map(wanted.filter(({ nodes }) => nodes.includes(node)).map(({ fault, fromMs, toMs, strikeMs }): [FaultFact, Window] => [fault, { fromMs, toMs, strikeMs, entries: [], unread: 0 }]))]));
  const read = new Map<string, string | null>();
  for (const node of names) read.set(node, await readLog(join(folder, 'logs', `${node}.log`), [...windows.get(node)!.values()], originMs));
  const count = wanted.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const most = Math.max(fewestLines, Math.min(mostLines, Math.floor(mostLinesOfRun / Math.max(1, count))));
  return wanted.map(({ fault, nodes, fromMs, toMs }) => ({ fault: fault.id, fromMs, toMs, nodes: nodes.map((node) => nodeLog(node, windows.get(node)!.get(fault)!, read.get(node)!, most)) }));
}

/** A strike is told when the injection has returned, and leadership may have moved by then: the window opens with its beginning. Of one that did not strike, why it did not may be there. */
function spanOf({ struckMs, beginMs }: FaultFact): Pick<Window, 'fromMs' | 'toMs' | 'strikeMs'> {
  const strikeMs = struckMs ?? beginMs;
  return { strikeMs, fromMs: Math.max(0, beginMs - beforeMs), toMs: strikeMs + afterMs };
}

function nodesOf(fault: FaultFact, faults: readonly FaultFact[], changes: Facts['leaderChanges']): readonly string[] {
  if (fault.strikes === 'client') return [];
  const strikeMs = fault.struckMs ?? fault.beginMs;
  const nextMs = Math.min(strikeMs + movedWithinMs, ...faults.flatMap(({ struckMs }) => (struckMs !== null && struckMs > strikeMs ? struckMs : [])));
  const moved = changes.filter(({ timeMs }) => timeMs >= fault.beginMs && timeMs <= nextMs).flatMap(({ to }) => to ?? []);
  return [...new Set([...fault.nodes, ...moved])];
}

/** @returns why nothing can be told of it; null: it was read. */
async function readLog(file: string, windows: readonly Window[], originMs: number): Promise<string | null> {
  if (!existsSync(file)) return 'no log of it was kept';
  let current: readonly Window[] = [];
  let timed = false;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    const stamped = stampOf(line);
    if (stamped === null) {
      for (const { entries } of current) if (entries.length > 0) entries.at(-1)!.text += `\n${continuationOf(line)}`;
      continue;
    }
    timed = true;
    const timeMs = stamped.wallMs - originMs;
    current = windows.filter(({ fromMs, toMs }) => timeMs >= fromMs && timeMs <= toMs);
    for (const window of current) {
      if (window.entries.length < mostRead) window.entries.push({ timeMs, text: stamped.text });
      else window.unread++;
    }
  }
  return timed ? null : 'no line of its log has a time';
}

function nodeLog(node: string, { entries, unread, strikeMs }: Window, problem: string | null, most: number): NodeLog {
  const missing = problem ?? (entries.length === 0 ? 'its log has no line of that time' : null);
  const lines: readonly LogLine[] = mostTelling(entries, most, strikeMs).map(({ timeMs, text }) => ({ timeMs, text: shortened(text) }));
  return { node, lines, leftOut: entries.length + unread - lines.length, missing };
}
