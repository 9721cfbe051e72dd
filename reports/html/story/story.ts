// One message from first to last: a folded block that a link can lead to.
import type { Example, Facts } from '../../../harness/model/facts.ts';
import { formatMessageId } from '../../../harness/model/message.ts';
import { tie } from '../../summary/format.ts';
import { folded } from '../block.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { chaptersOf, leaderAt, sinceStrike, type Chapter } from './chapters.ts';

export const storyId = (id: string, { producer, sequence }: Example): string => `${id}--message-${producer}-${sequence}`;

/** `id`: of the run's section. */
export function storyBlock(example: Example, facts: Facts, id: string, open: boolean): Markup {
  const chapters = chaptersOf(example.story, facts);
  const partition = /\bpartition (\d+)/.exec(example.story)?.[1];
  const items = chapters.map((chapter) => markup`<li${chapter.of === 'message' ? nothing : markup` class="around"`}>${when(chapter)}<span>${tie(chapter.words)}${context(chapter, facts, Number(partition ?? 0))}</span></li>`);
  return folded(summary(example, chapters), markup`<ol class="story">${items}</ol>`, { open, id: storyId(id, example) });
}

function summary(example: Example, chapters: readonly Chapter[]): Markup {
  const own = chapters.filter(({ of }) => of === 'message').map(({ words }) => words);
  const words = own.length <= 2 ? own.join('; ') : `${own[0]} … ${own.at(-1)}`;
  return markup`<code>${formatMessageId(example)}</code> ${tie(words)}${example.cause === undefined ? nothing : markup` <span class="muted">Lost by: ${example.cause}.</span>`}`;
}

const when = ({ timeMs }: Chapter): Markup => markup`<span class="when">${timeMs === null ? 'found' : `${(timeMs / 1000).toFixed(3)} s`}</span>`;

/** Who led then, and how long after the strike: what a message's own events do not say. */
function context({ timeMs, of }: Chapter, facts: Facts, partition: number): Markup {
  if (timeMs === null || of !== 'message') return nothing;
  const leader = leaderAt(facts, partition, timeMs);
  const notes = [leader === null ? '' : `leader ${leader}`, sinceStrike(facts, timeMs)].filter((words) => words !== '');
  return notes.length === 0 ? nothing : markup`<span class="note">${tie(notes.join(', '))}</span>`;
}
