// A comparison for people at a terminal.
import pc from 'picocolors';
import { oneLine } from '../summary/plain-text.ts';
import type { Change, Comparison } from './compare.ts';
import { numberWords } from './numbers.ts';
import { changeSigns, detailLines, isTold, nameWords, notCompared, sides, verdictWords } from './words.ts';

export function renderComparison(comparison: Comparison, { colour }: { readonly colour: boolean }): string {
  const colours = pc.createColors(colour);
  const paint: Readonly<Record<Change, (text: string) => string>> = { worse: colours.red, gone: colours.yellow, better: colours.green, new: colours.cyan, same: colours.dim };
  const told = comparison.scenarios.filter(isTold).flatMap((one) => [
    `${paint[one.change](`${changeSigns[one.change]} ${one.change.padEnd(6)}`)}  ${oneLine(nameWords(one))}: ${oneLine(verdictWords(one))}`,
    ...detailLines(one).map((line) => `          ${oneLine(line)}`),
  ]);
  const numbers = comparison.scenarios.filter((one) => one.numbers.length > 0).map((one) => `  ${oneLine(nameWords(one))}: ${one.numbers.map(numberWords).join(', ')}`);
  const not = notCompared(comparison).map((line) => `  ${oneLine(line)}`);
  return [
    `compared  ${oneLine(sides(comparison))}`,
    ...told,
    ...(numbers.length === 0 ? [] : ['', 'numbers, base → run, on the same machine, images and plan', ...numbers]),
    ...(not.length === 0 ? [] : ['', 'numbers not compared', ...not]),
    '', comparison.sentence, '',
  ].join('\n');
}
