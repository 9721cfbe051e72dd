// The faults at a terminal: by family, what each strikes and does, what it needs, and whether that is here.
import { capabilityWords } from '../model/machine-needs.ts';
import { byFamily, type FaultEntry } from './fault-entries.ts';
import type { Colors } from './io.ts';

export interface FaultTableOptions {
  readonly colors: Colors;
  /** Columns; `Infinity`: nothing is wrapped. */
  readonly width: number;
}

/** @param whyNot why a fault cannot work on this machine; null: it can. Ends with a newline. */
export function printFaults(entries: readonly FaultEntry[], whyNot: (entry: FaultEntry) => string | null, { colors, width }: FaultTableOptions): string {
  const column = Math.max(0, ...entries.map(({ name }) => name.length)) + 4;
  const beside = (text: string): string => wrap(text, Math.max(30, width - column)).join(`\n${' '.repeat(column)}`);
  const families = byFamily(entries).map(([family, ofFamily]) => {
    const parts = ofFamily.map((entry) => {
      const missing = whyNot(entry);
      const here = missing === null ? colors.green(beside(runsIn(entry))) : colors.yellow(beside(`not runnable here: ${missing}`));
      const lines = [beside(entry.summary), colors.dim(beside(`strikes ${entry.strikes.join(', ')}; needs ${entry.needs === null ? 'nothing of the cluster' : capabilityWords[entry.needs]}`)), here];
      return `  ${colors.bold(entry.name.padEnd(column - 2))}${lines.join(`\n${' '.repeat(column)}`)}`;
    });
    return [colors.bold(family.toUpperCase()), ...parts].join('\n');
  });
  return `${families.join('\n\n')}\n`;
}

function runsIn({ scenarios }: FaultEntry): string {
  const counts = [...scenarios].map(([broker, names]) => `${names.length} ${broker}`);
  return counts.length === 0 ? 'runnable here; in none of these scenarios' : `runnable here; scenarios: ${counts.join(', ')}`;
}

function wrap(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
