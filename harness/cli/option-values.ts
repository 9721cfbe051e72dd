// Values of flags, checked where they are read.
import { LeaderfallError } from '../model/errors.ts';
import type { BrokerName } from '../model/cluster.ts';
import type { Override } from '../scenario/compile-scenario.ts';
import { didYouMean } from '../scenario/problem.ts';
import { parseShard, type Shard } from '../scenario/shards.ts';
import { reporterNames, type ReporterName } from '../../reports/formats.ts';

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

/** @throws LeaderfallError `E_USAGE`. */
const oneOf = <Word extends string>(flag: string, words: readonly Word[]) => (text: string): Word => {
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw new LeaderfallError('E_USAGE', `${flag} takes ${words.join(', ')}, not "${text}"${didYouMean(text, words)}`, { hint: `For example: ${flag} ${words[0]}` });
};

export const brokerNames: readonly BrokerName[] = ['memory', 'kafka', 'rabbitmq'];
export const brokerName = oneOf('--broker', brokerNames);

export const ciChoices = ['github', 'gitlab', 'none'] as const;
export type CiChoice = (typeof ciChoices)[number];
export const ciChoice = oneOf('--ci', ciChoices);

export interface ReporterChoice {
  readonly name: ReporterName;
  /** Where a copy goes beside the suite's folder; null: nowhere else. */
  readonly path: string | null;
}

/** `html,junit=build/junit.xml`: a comma parts two formats only where a format's name follows it, for a path may hold commas. @throws LeaderfallError `E_USAGE`. */
export const reporters = (text: string): readonly ReporterChoice[] => text.split(new RegExp(`,(?=(?:${reporterNames.join('|')})(?:[=,]|$))`)).map(reporter);

/** `junit`, `junit=build/junit.xml`. @throws LeaderfallError `E_USAGE`. */
export function reporter(text: string): ReporterChoice {
  const [, word, path] = /^([^=]*)(?:=(.*))?$/s.exec(text)!;
  const name = oneOf('--reporter', reporterNames)(word!);
  if (path === undefined) return { name, path: null };
  if (path === '') throw new LeaderfallError('E_USAGE', `--reporter ${name}= has no path`, { hint: `For example: --reporter junit=build/junit.xml` });
  if (name === 'github') throw new LeaderfallError('E_USAGE', '--reporter github writes no file: annotations go to stdout, the summary to the file that GITHUB_STEP_SUMMARY names', { hint: 'For a file of the same text: --reporter markdown=summary.md' });
  return { name, path };
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
