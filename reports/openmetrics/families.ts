// OpenMetrics text: families of samples, with escaped labels, in the order that the format asks for.
import { oneLine } from '../summary/plain-text.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  /** After the family's name: `_count`, `_info`; none for a gauge. */
  readonly suffix?: string;
  readonly labels: Labels;
  readonly value: number;
}

export interface Family {
  /** Ends in its unit, where it has one. */
  readonly name: string;
  readonly type: 'gauge' | 'summary' | 'info';
  readonly unit?: 'seconds';
  readonly help: string;
  readonly samples: readonly Sample[];
}

export function writeFamilies(families: readonly Family[]): string {
  return `${families.filter(({ samples }) => samples.length > 0).map(writeFamily).join('')}# EOF\n`;
}

function writeFamily({ name, type, unit, help, samples }: Family): string {
  const head = [`# TYPE ${name} ${type}`, ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]), `# HELP ${name} ${escapeText(help)}`];
  return `${[...head, ...samples.filter(({ value }) => Number.isFinite(value)).map(({ suffix = '', labels, value }) => `${name}${suffix}${writeLabels(labels)} ${value}`)].join('\n')}\n`;
}

const writeLabels = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeText(oneLine(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

const escapeText = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
