// A comparison for people at a terminal.
import pc from 'picocolors';
import { oneLine } from '../summary/plain-text.ts';
import type { Change, Comparison } from './compare.ts';
import { changeSigns, detailLines, isTold, movedNumbers, nameWords, notCompared, sides, verdictWords } from './words.ts';

export function renderComparison(comparison: Comparison, { colour }: { readonly colour: boolean }): string {
  const colours = pc.createColors(colour);
  const paint: Readonly<Record<Change, (text: string) => string>> = { worse: colours.red, gone: colours.yellow, better: colours.green, new: colours.cyan, same: colours.dim };
  const told = comparison.scenarios.filter(isTold).flatMap((one) => [
    `${paint[one.change](`${changeSigns[one.change]} ${one.change.padEnd(6)}`)}  ${oneLine(nameWords(one))}: ${oneLine(verdictWords(one))}`,
    ...detailLines(one).map((line) => `          ${oneLine(line)}`),
  ]);
  const { moved, rest } = movedNumbers(comparison);
  const numbers = [...moved.map(({ name, words }) => `  ${oneLine(name)}: ${words.join(', ')}`), ...(rest === '' ? [] : [`  ${rest}`])];
  const not = notCompared(comparison).map((line) => `  ${oneLine(line)}`);
  return [
    comparison.sentence,
    ...told,
    ...(numbers.length === 0 ? [] : ['', 'numbers that moved, base → run, on the same machine, images and plan', ...numbers]),
    ...(not.length === 0 ? [] : ['', 'numbers not compared', ...not]),
    '', `compared  ${oneLine(sides(comparison))}`, '',
  ].join('\n');
}
