// One message from first to last, with what happened around it: what `leaderfall explain` tells, and a run's record of its examples.
import type { MessageId } from './message.ts';

export interface StoryChapter {
  /** Milliseconds since the run began. */
  readonly timeMs: number;
  /** `message`: it happened to the message itself. */
  readonly of: 'message' | 'fault' | 'leader' | 'worker';
  readonly words: string;
  /** Of the message's partition at that moment; null: not known, or nothing of the message's. */
  readonly leader: string | null;
}

/** What is told of a message beside its summary. */
export interface Story {
  /** "one of the 1,000 messages of a closed publish, exposed to the fault that followed"; null: not known to have been exposed. */
  readonly exposed: string | null;
  /** In the order of time. */
  readonly chapters: readonly StoryChapter[];
  /** Of the same producer and partition (of any, where its own is not known), in the order of sequence. */
  readonly neighbours: readonly (MessageId & { readonly summary: string })[];
  /** Chapters left out between the first and the last that are told; absent: none. */
  readonly leftOut?: number;
}

export interface MessageStory extends MessageId, Story {
  readonly scenario: string;
  /** False: nothing in the history names it. */
  readonly known: boolean;
  /** "sent at 12.301 s; acknowledged at 12.345 s (partition 0, offset 812); never delivered; not in the log". */
  readonly summary: string;
  /** What the history lacks, so that what is not told may have happened; null: it is whole. */
  readonly incomplete: string | null;
}
