// The two long lists of a report: the stories of a run's messages, and the scenarios of a suite.
import { all, button } from './elements.ts';
import { choicesOf, makeFilter, type Field, type Filter } from './filter.ts';
import { hasText, isPartition, isSentWithin, wordsOf } from './matching.ts';
import type { Settings } from './settings.ts';

/** Fewer are seen at a glance. */
const fewest = 3;

export function attachStoryFilter(stories: HTMLElement, settings: Settings): Filter | null {
  const items = all<HTMLElement>(stories, 'details.message');
  if (items.length < fewest) return null;
  const filter = makeFilter({
    name: stories.id, label: 'Which messages are told', items, counted: items, noun: 'stories', around: all(stories, 'details.outcome'),
    empty: `No message of these is told here: ${stories.dataset['explain'] ?? ''} tells any`,
    fields: [wordField('outcome', 'outcome', items), partitionField(items), wordField('cause', 'lost by', items), sentField],
  }, settings);
  stories.prepend(filter.bar);
  attachCells(stories, filter);
  return filter;
}

const wordField = (name: 'outcome' | 'cause' | 'verdict' | 'family', label: string, items: readonly HTMLElement[]): Field => ({
  name, label, choices: choicesOf(items.flatMap((item) => wordsOf(item.dataset[name]))), matches: (item, wanted) => wordsOf(item.dataset[name]).includes(wanted),
});

const partitionField = (items: readonly HTMLElement[]): Field => ({
  name: 'partition', label: 'partition', pattern: /^(\d{1,6}(-\d{1,6})?|unknown)$/, matches: (item, wanted) => isPartition(item.dataset['partition'], wanted),
  choices: choicesOf(items.flatMap((item) => item.dataset['partition'] ?? []).sort((a, b) => Number(a) - Number(b))),
});

const sentField: Field = {
  name: 'sent', label: 'sent, in s', choices: [], pattern: /^\d{1,9}(\.\d{1,6})?-\d{1,9}(\.\d{1,6})?$/, matches: (item, wanted) => isSentWithin(item.dataset['sent'], wanted),
};

/** A cell of the loss map leads to its messages: in the drawing by a pointer, in the table below it by a button. */
function attachCells(stories: HTMLElement, filter: Filter): void {
  const article = stories.closest('article');
  if (article === null) return;
  const lead = ({ dataset }: HTMLElement | SVGElement): void => {
    filter.set({ partition: dataset['cell'] ?? '', sent: `${Number(dataset['from']) / 1000}-${Number(dataset['to']) / 1000}` });
    filter.bar.scrollIntoView({ block: 'start' });
    filter.focus();
  };
  for (const cell of all<SVGElement>(article, 'rect[data-cell]')) cell.addEventListener('click', () => lead(cell));
  for (const cell of all<HTMLElement>(article, 'span.cell[data-cell]')) cell.append(' ', button('show only these', 'Show only these stories', () => lead(cell)));
}

export function attachScenarioFilter(page: ParentNode, settings: Settings): Filter | null {
  const items = all<HTMLElement>(page, 'ul.cells > li[data-verdict], tr[data-verdict]');
  const first = page.querySelector('section.overview, #summary');
  const scenarios = all<HTMLElement>(page, '#summary tr[data-verdict]');
  if (first === null || scenarios.length < fewest) return null;
  const filter = makeFilter({
    name: 'scenarios', label: 'Which scenarios are shown', items, counted: scenarios, noun: 'scenarios', empty: 'Fewer words may find some',
    around: [...all<HTMLElement>(page, 'table.matrix tbody > tr'), ...all<HTMLElement>(page, 'table.matrix'), ...all<HTMLElement>(page, 'section.overview').filter((section) => section.querySelector('[data-verdict]') !== null)],
    fields: [wordField('verdict', 'verdict', items), wordField('family', 'faults', items), { name: 'text', label: 'text', choices: null, matches: (item, wanted) => hasText(textAround(item), wanted) }],
  }, settings);
  first.before(filter.bar);
  return filter;
}

/** With the fault that its row is about. */
const textAround = (item: HTMLElement): string => `${item.closest('table.matrix') === null ? '' : (item.closest('tr')?.querySelector('th')?.textContent ?? '')} ${item.textContent}`;
