// From a run's folder to one message's story.
import type { MessageId } from '../model/message.ts';
import type { MessageStory } from '../model/story.ts';
import { tellMessage, type StoryOptions } from '../checkers/message-story.ts';
import { openTheRun } from './open-the-run.ts';

/** @throws `E_RUN_NOT_FOUND`, `E_HISTORY_CORRUPT`, `E_HISTORY_NEWER`; `E_USAGE` where the folder holds several runs, or one that is still going. */
export async function explainMessage(folder: string, id: MessageId, options: StoryOptions): Promise<MessageStory> {
  return await tellMessage(await openTheRun(folder), id, options);
}
