// One message's story for people at a terminal.
import pc from 'picocolors';
import { formatMessageId } from '../../harness/model/message.ts';
import type { MessageStory, StoryChapter } from '../../harness/model/story.ts';
import { oneLine } from '../summary/plain-text.ts';

const signs: Readonly<Record<StoryChapter['of'], string>> = { message: ' ', fault: '!', leader: '~', worker: '!' };
const timeWidth = 12;

export function renderStory(story: MessageStory, { colour }: { readonly colour: boolean }): string {
  const colours = pc.createColors(colour);
  const chapter = ({ timeMs, of, words, leader }: StoryChapter): string => {
    const line = `${`${(timeMs / 1000).toFixed(3)} s`.padStart(timeWidth)} ${signs[of]} ${oneLine(words)}`;
    return of === 'message' ? `${line}${leader === null ? '' : colours.dim(`   leader ${oneLine(leader)}`)}` : colours.yellow(line);
  };
  const neighbours = story.neighbours.map((one) => `${formatMessageId(one).padStart(timeWidth)}   ${oneLine(one.summary)}`);
  return [
    `${colours.bold(`message ${formatMessageId(story)}`)} of ${oneLine(story.scenario)}`,
    `  ${oneLine(story.summary)}`,
    ...(story.exposed === null ? [] : [`  ${story.exposed}`]),
    ...(story.incomplete === null ? [] : [colours.yellow(`  the history is not whole: ${oneLine(story.incomplete)}`)]),
    ...(story.chapters.length === 0 ? [] : ['', ...story.chapters.map(chapter)]),
    ...(neighbours.length === 0 ? [] : ['', 'neighbours', ...neighbours]),
    '',
  ].join('\n');
}
