// A comparison for a pull request.
import { codeSpan, escapeMarkdown } from '../markdown/escape.ts';
import type { Comparison } from './compare.ts';
import { changeSigns, detailLines, isTold, movedNumbers, notCompared, sides, verdictWords } from './words.ts';

export function renderComparisonMarkdown(comparison: Comparison): string {
  const told = comparison.scenarios.filter(isTold);
  const rows = told.map((one) => `| ${changeSigns[one.change]} ${one.change} | ${codeSpan(one.scenario)} ${escapeMarkdown(one.version)} | ${escapeMarkdown(verdictWords(one))} | ${detailLines(one).map(escapeMarkdown).join('<br>')} |\n`);
  const { moved, rest } = movedNumbers(comparison);
  const numbers = moved.map(({ name, words }) => `| ${escapeMarkdown(name)} | ${words.map(escapeMarkdown).join('<br>')} |\n`);
  const not = notCompared(comparison).map((line) => `- ${escapeMarkdown(line)}\n`);
  return [
    `## Compared with the base: ${escapeMarkdown(comparison.sentence)}\n`,
    rows.length === 0 ? '' : `| change | scenario | verdict | why |\n|---|---|---|---|\n${rows.join('')}`,
    numbers.length === 0 ? '' : `<details><summary>Numbers that moved, base → run, on the same machine, images and plan</summary>\n\n| scenario | numbers |\n|---|---|\n${numbers.join('')}\n</details>\n`,
    rest === '' ? '' : `${escapeMarkdown(rest)}.\n`,
    not.length === 0 ? '' : `Numbers not compared, for these differ:\n\n${not.join('')}`,
    `${escapeMarkdown(sides(comparison))}\n`,
  ].filter((part) => part !== '').join('\n');
}
