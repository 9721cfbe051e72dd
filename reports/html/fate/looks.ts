// How each fate is drawn and named, and what is to be said of a cell or a row of the map.
import { fates, type Fate, type FateCell, type FateRow } from '../../../harness/model/facts.ts';
import { formatCount, listWords } from '../../summary/format.ts';
import { markup, type Markup } from '../markup.ts';

export interface Look {
  readonly words: string;
  readonly className: string;
  readonly fill: string;
}

/** Every fate has a pattern of its own, not only a colour. */
export const looks: Readonly<Record<Fate, Look>> = {
  lost: { words: 'lost', className: 'edge-lost', fill: 'url(#pattern-lost)' },
  unseen: { words: 'unseen', className: 'edge-unseen', fill: 'url(#pattern-unseen)' },
  stuck: { words: 'stuck', className: 'edge-stuck', fill: 'url(#pattern-stuck)' },
  deadLettered: { words: 'dead-lettered', className: 'edge-aside', fill: 'url(#pattern-aside)' },
  indeterminate: { words: 'indeterminate', className: 'info-edge', fill: 'url(#pattern-info)' },
  failed: { words: 'failed', className: 'fate-failed', fill: 'none' },
  repeated: { words: 'processed, and stored or processed more than once', className: 'fate-repeated', fill: 'url(#pattern-repeated)' },
  processed: { words: 'processed', className: 'fate-processed', fill: '#d8e4ef' },
};

export const worstOf = ({ counts }: FateCell): Fate => fates.find((fate) => counts[fate] !== undefined) ?? 'processed';
export const isBad = (fate: Fate): boolean => fate !== 'processed' && fate !== 'repeated';

export const rowWords = ({ partitions }: FateRow): string => {
  if (partitions.length === 0) return 'partition not known';
  return partitions.length === 1 ? `partition ${partitions[0]}` : `partitions ${partitions[0]} to ${partitions.at(-1)}`;
};

export const cellWords = ({ counts }: FateCell): string => listWords(fates.flatMap((fate) => (counts[fate] === undefined ? [] : [`${formatCount(counts[fate])} ${looks[fate].words}`])));

/** Which messages a cell has, for a filter of their stories: partitions are neighbours, so that the first and the last say all. */
export function cellData({ partitions }: FateRow, fromMs: number, toMs: number): Markup {
  const [first, last] = [partitions[0], partitions.at(-1)];
  return markup` data-cell="${partitions.length === 0 ? 'unknown' : partitions.length === 1 ? first : `${first}-${last}`}" data-from="${fromMs}" data-to="${toMs}"`;
}
