// One message from first to last: a folded block that a link can lead to.
import type { Example, Facts } from '../../../harness/model/facts.ts';
import { formatMessageId } from '../../../harness/model/message.ts';
import { tie } from '../../summary/format.ts';
import { folded } from '../block.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { chaptersOf, leaderAt, sinceStrike, type Chapter } from './chapters.ts';

export const storyId = (id: string, { producer, sequence }: Example): string => `${id}--message-${producer}-${sequence}`;

export interface StoryPlace {
  /** Of the run's section. */
  readonly id: string;
  /** The document has no other run: its messages can be called by their names alone. */
  readonly alone: boolean;
  readonly open: boolean;
  /** Labels of the measures that it is an example of. */
  readonly outcomes: readonly string[];
}

export function storyBlock(example: Example, facts: Facts, place: StoryPlace): Markup {
  const chapters = chaptersOf(example.story, facts);
  const partition = /\bpartition (\d+)/.exec(example.story)?.[1];
  const items = chapters.map((chapter) => markup`<li${chapter.of === 'message' ? nothing : markup` class="around"`}>${when(chapter)}<span>${tie(chapter.words)}${context(chapter, facts, Number(partition ?? 0))}</span></li>`);
  const id = storyId(place.id, example);
  const shortId = `message-${formatMessageId(example)}`;
  const story = markup`<ol class="story"${place.alone ? markup` id="${shortId}"` : nothing}>${items}</ol><p class="note"><a href="#${place.alone ? shortId : id}">Link to message ${formatMessageId(example)}</a></p>`;
  return folded(summary(example, chapters), story, { open: place.open, id, data: filterData(example, place.outcomes) });
}

/** What stories can be chosen by. */
function filterData(example: Example, outcomes: readonly string[]): Markup {
  const { cause, partition, sentMs } = example;
  return markup` class="message" data-message="${formatMessageId(example)}" data-outcome="${outcomes.join('|')}"${cause === undefined ? nothing : markup` data-cause="${cause}"`}${partition === undefined ? nothing : markup` data-partition="${partition}"`}${sentMs === undefined ? nothing : markup` data-sent="${sentMs}"`}`;
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
