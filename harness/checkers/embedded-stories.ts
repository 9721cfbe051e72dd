// The stories that a run's record carries: of the examples of every anomaly, and of some that were exposed and survived.
import { survivorLimit, type Exposure } from '../model/facts.ts';
import type { HistoryEvent } from '../model/event.ts';
import { formatMessageId } from '../model/message.ts';
import type { Story } from '../model/story.ts';
import { unknownPlace } from './fate-map.ts';
import type { Finding } from './findings.ts';
import { baseFlags, flag } from './message-flags.ts';
import type { ProducerColumns } from './producer-columns.ts';
import { Spread } from './spread.ts';
import { chaptersOf, exposedWords, type StoryWorld } from './story-chapters.ts';

/** Over all stories of a run: where many messages are told, each may be told less. */
const mostChapters = 6_000;
/** Of more chapters the first and the last are told: a message that was delivered a thousand times must not fill the page. */
const longest = 40;
/** What a send, a fault, a resend, a delivery and the audit take. */
const shortest = 12;
/** Sequences among which a neighbour is looked for on either side: with more partitions than that it has none. */
const widestLook = 2_000;

/** After the exposed were compared with the lost: accepted, exposed to some fault, and not lost. */
export function survivorsOf(producers: readonly ProducerColumns[], exposures: ReadonlyMap<string, Exposure>): readonly Finding[] {
  const exposed = [...exposures.values()].some(({ kind }) => kind === 'closed') ? flag.inClosed : flag.exposed;
  const found = new Spread<Finding>(survivorLimit);
  for (const columns of producers) {
    const { flags, length } = columns;
    for (let index = 0; index < length; index++) {
      if ((flags[index]! & (exposed | flag.lost)) === exposed) found.add(() => ({ columns, index, id: columns.idOf(index) }));
    }
  }
  return found.chosen();
}

/** The message before and the one after it of the same producer in its partition, where there are any. */
export function neighboursOf({ columns, index }: Finding, placeOf: (columns: ProducerColumns, index: number) => number): readonly Finding[] {
  // Ids that belong to nobody have no order.
  if (columns.outsiders !== null) return [];
  const own = placeOf(columns, index);
  const search = (step: -1 | 1): number | null => {
    for (let look = 1; look <= widestLook; look++) {
      const at = index + step * look;
      if (at < 0 || at >= columns.length) return null;
      if (columns.attempts[at] !== 0 && (own === unknownPlace || placeOf(columns, at) === own)) return at;
    }
    return null;
  };
  return [search(-1), search(1)].flatMap((at) => (at === null ? [] : [{ columns, index: at, id: columns.idOf(at) }]));
}

export interface Telling {
  readonly world: StoryWorld;
  readonly eventsOf: (finding: Finding) => readonly HistoryEvent[];
  readonly summaryOf: (finding: Finding) => string;
  readonly neighboursOf: (finding: Finding) => readonly Finding[];
}

/** By message, so that one that is an example of several measures is told once. */
export function tellStories(chosen: readonly Finding[], telling: Telling): Readonly<Record<string, Story>> {
  const distinct = new Map(chosen.map((finding) => [formatMessageId(finding.id), finding]));
  const most = Math.max(shortest, Math.min(longest, Math.floor(mostChapters / distinct.size)));
  return Object.fromEntries([...distinct].map(([name, finding]) => [name, storyOf(finding, most, telling)]));
}

function storyOf(finding: Finding, most: number, { world, eventsOf, summaryOf, neighboursOf: beside }: Telling): Story {
  const own = eventsOf(finding);
  const chapters = own.length === 0 ? [] : chaptersOf(own, world);
  const leftOut = Math.max(0, chapters.length - most);
  const last = Math.floor(most / 3);
  return {
    exposed: exposedWords(world, finding.id) ?? inFlightWords(finding),
    chapters: leftOut === 0 ? chapters : [...chapters.slice(0, most - last), ...chapters.slice(-last)],
    neighbours: beside(finding).map((neighbour) => ({ ...neighbour.id, summary: summaryOf(neighbour) })),
    ...(leftOut === 0 ? {} : { leftOut }),
  };
}

function inFlightWords({ columns, index }: Finding): string | null {
  const known = columns.flags[index]!;
  return (known & flag.exposed) === 0 || (known & baseFlags) === 0 ? null : 'exposed to a fault: in flight when it struck, or accepted and not yet consumed';
}
