// Lines of a node's log with their moments, and which of a window are worth keeping.
import { redactText } from '../model/configuration.ts';
import type { LogLine } from '../model/node-logs.ts';

export interface Stamped {
  /** Milliseconds since 1970. */
  readonly wallMs: number;
  /** Without the container engine's stamp. */
  readonly text: string;
}

/** Docker's stamp of each line that it kept: `2026-11-29T04:49:38.126475498Z `. */
const engineStamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z (.*)$/s;
/** Kafka: `[2026-11-29 04:21:47,256] `, in the node's zone, which is UTC in the images. RabbitMQ: `2026-11-29 04:49:38.116283+00:00 `. */
const ownStamp = /^\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)?/;

/** The node's own stamp wins: the engine's is later where a line waited in a pipe. null: a line without a time, which goes on with the one before. */
export function stampOf(line: string): Stamped | null {
  const engine = engineStamp.exec(line);
  const text = engine === null ? line : engine[3]!;
  const own = ownStamp.exec(text);
  if (own !== null) return { wallMs: Date.parse(`${own[1]}T${own[2]}.${(own[3] ?? '0').slice(0, 3).padEnd(3, '0')}${own[4] ?? 'Z'}`), text };
  // A stack trace has the engine's stamp on each of its lines, and is one entry all the same.
  if (engine === null || /^\s/.test(text)) return null;
  return { wallMs: Date.parse(`${engine[1]}${(engine[2] ?? '.0').slice(0, 4)}Z`), text };
}

/** What a line without a time of its own says. */
export const continuationOf = (line: string): string => engineStamp.exec(line)?.[3] ?? line;

const mostLinesOfEntry = 5;
const longestLine = 320;

/** Redacted first, so that no cut runs through a secret. */
export function shortened(text: string): string {
  const lines = redactText(text).split('\n');
  const kept = lines.slice(0, mostLinesOfEntry).map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
  return lines.length > mostLinesOfEntry ? `${kept.join('\n')}\n… ${lines.length - mostLinesOfEntry} more lines` : kept.join('\n');
}

const complaint = /\b(?:WARN|ERROR|FATAL)\b|\[(?:warning|error|critical|alert|emergency)\]/;
/** Not the names of our own topics and clients. */
const leadership = /leader(?!fall)|elect|truncat|\bISR\b|in-sync|fenc|\bepoch\b|quorum|shut(?:ting)? ?down|\bdown\b|partition(?:ed|s? detected)/i;
/** The same again and again says nothing new: a node that is away is complained of every second. */
const oftenEnough = 3;

/** @param aroundMs the strike: of equals the nearer is kept. */
export function mostTelling(lines: readonly LogLine[], most: number, aroundMs: number): readonly LogLine[] {
  if (lines.length <= most) return lines;
  const times = new Map<string, number>();
  const ranked = lines.map((line) => {
    const shape = line.text.replaceAll(/\d+/g, '#');
    const before = times.get(shape) ?? 0;
    times.set(shape, before + 1);
    const rank = before >= oftenEnough ? 3 : complaint.test(line.text) ? 0 : leadership.test(line.text) ? 1 : 2;
    return { line, rank, distance: Math.abs(line.timeMs - aroundMs) };
  });
  const kept = new Set(ranked.toSorted((a, b) => a.rank - b.rank || a.distance - b.distance).slice(0, most).map(({ line }) => line));
  return lines.filter((line) => kept.has(line));
}
