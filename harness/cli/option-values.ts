// Values of flags, checked where they are read.
import { LeaderfallError } from '../model/errors.ts';
import type { Override } from '../scenario/compile-scenario.ts';
import { parseShard, type Shard } from '../scenario/shards.ts';

/** @returns a parser that throws LeaderfallError `E_USAGE` for anything but a whole number in the range. */
export const wholeNumber = (flag: string, least: number, most: number) => (text: string): number => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new LeaderfallError('E_USAGE', `${flag} takes a whole number from ${least} to ${most}, not "${text}"`, { hint: `For example: ${flag} ${Math.min(10, most)}` });
};

/** `2/4`. @throws LeaderfallError `E_USAGE`. */
export function shard(text: string): Shard {
  const parsed = parseShard(text);
  if (parsed !== null) return parsed;
  throw new LeaderfallError('E_USAGE', `--shard takes i/n with i from 1 to n, not "${text}"`, { hint: 'For example: --shard 2/4' });
}

/**
 * `producer.acks=1`: the value is a number, true, false or null where it looks like one, else text. Versions are always text.
 * @throws LeaderfallError `E_USAGE` without a path or a value.
 */
export function parseOverride(text: string): Override {
  const [, path, value] = /^([A-Za-z][\w.-]*)=(.+)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined) throw new LeaderfallError('E_USAGE', `--set takes path=value, not "${text}"`, { hint: 'For example: --set cluster.version=4.3' });
  const isText = path === 'cluster.version' || path.startsWith('cluster.properties.');
  return { path, value: isText ? value : scalarOf(value) };
}

function scalarOf(text: string): unknown {
  if (['true', 'false', 'null'].includes(text) || /^-?\d+(\.\d+)?$/.test(text)) return JSON.parse(text) as unknown;
  return text;
}
