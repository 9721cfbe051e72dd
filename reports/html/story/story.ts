// One message from first to last: a folded block that a link can lead to, told in the words of `leaderfall explain`.
import type { Example, Facts } from '../../../harness/model/facts.ts';
import { formatMessageId } from '../../../harness/model/message.ts';
import type { Story, StoryChapter } from '../../../harness/model/story.ts';
import { formatDuration, plural, tie } from '../../summary/format.ts';
import { folded } from '../block.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { explainCommand } from './explain-command.ts';

export const storyId = (id: string, { producer, sequence }: Pick<Example, 'producer' | 'sequence'>): string => `${id}--message-${producer}-${sequence}`;

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
  const id = storyId(place.id, example);
  const name = formatMessageId(example);
  const shortId = `message-${name}`;
  const story = facts.stories?.[name];
  const told = story === undefined ? markup`<p class="note">This record is older than stories in full; <code>${explainCommand}</code> tells it.</p>` : whole(story, facts);
  const body = markup`<div class="told"${place.alone ? markup` id="${shortId}"` : nothing}><p>${tie(example.story)}</p>${told}</div><p class="note"><a href="#${place.alone ? shortId : id}">Link to message ${name}</a></p>`;
  return folded(summary(example, story), body, { open: place.open, id, data: filterData(example, place.outcomes) });
}

/** What stories can be chosen by. */
function filterData(example: Example, outcomes: readonly string[]): Markup {
  const { cause, partition, sentMs } = example;
  return markup` class="message" data-message="${formatMessageId(example)}" data-outcome="${outcomes.join('|')}"${cause === undefined ? nothing : markup` data-cause="${cause}"`}${partition === undefined ? nothing : markup` data-partition="${partition}"`}${sentMs === undefined ? nothing : markup` data-sent="${sentMs}"`}`;
}

/** How it began and how it ended; what lies between is inside. */
function summary(example: Example, story: Story | undefined): Markup {
  const own = (story?.chapters ?? []).filter(({ of }) => of === 'message');
  const [first, last] = [own[0], own.at(-1)];
  const words = first === undefined || last === undefined || first === last ? example.story : `${first.words} at ${seconds(first)} … ${last.words}`;
  return markup`<code>${formatMessageId(example)}</code> ${tie(words)}${example.cause === undefined ? nothing : markup` <span class="muted">Lost by: ${example.cause}.</span>`}`;
}

function whole({ exposed, chapters, neighbours, leftOut = 0 }: Story, facts: Facts): Markup {
  const items = chapters.map((chapter) => markup`<li${chapter.of === 'message' ? nothing : markup` class="around"`}><span class="when">${seconds(chapter)}</span> <span>${tie(chapter.words)}${context(chapter, facts)}</span></li>`);
  const beside = neighbours.map((neighbour) => markup`<li><code>${formatMessageId(neighbour)}</code> ${tie(neighbour.summary)}</li>`);
  return markup`${exposed === null ? nothing : markup`<p class="note">${tie(exposed)}.</p>`}<ol class="story">${items}</ol>${leftOut === 0 ? nothing : markup`<p class="note">${plural(leftOut, 'event')} in the middle ${leftOut === 1 ? 'is' : 'are'} left out; <code>${explainCommand}</code> tells all.</p>`}${beside.length === 0 ? nothing : markup`<p class="note">Before and after it, of the same producer and partition:</p><ul class="plain beside">${beside}</ul>`}`;
}

const seconds = ({ timeMs }: StoryChapter): string => `${(timeMs / 1000).toFixed(3)} s`;

/** Who led then, and how long after the strike: what a message's own events do not say. */
function context({ timeMs, of, leader }: StoryChapter, facts: Facts): Markup {
  if (of !== 'message') return nothing;
  const notes = [leader === null ? '' : `leader ${leader}`, sinceStrike(facts, timeMs)].filter((words) => words !== '');
  return notes.length === 0 ? nothing : markup` <span class="note">${tie(notes.join(', '))}</span>`;
}

/** "312 ms after kill struck", against the fault that struck last before it. */
function sinceStrike({ faults }: Facts, timeMs: number): string {
  const before = faults.filter(({ struckMs }) => struckMs !== null && struckMs <= timeMs).toSorted((a, b) => a.struckMs! - b.struckMs!).at(-1);
  return before === undefined ? '' : `${formatDuration(timeMs - before.struckMs!)} after ${before.fault} struck`;
}
