// What the timeline shows, in words: for the caption, and for those who cannot see it.
import type { Facts, FaultFact } from '../../../harness/model/facts.ts';
import { deedOf } from '../../../harness/model/fault-parameters.ts';
import { windowGroups } from '../../summary/availability.ts';
import { formatCount, formatDuration, formatInstant, listWords, plural } from '../../summary/format.ts';

export function timelineFinding(facts: Facts): string {
  return [faultsSentence(facts.faults), leadersSentence(facts), awaySentence(facts), redundancySentence(facts.faults), unansweredSentence(facts)]
    .filter((sentence) => sentence !== '').join(' ');
}

function faultsSentence(faults: readonly FaultFact[]): string {
  if (faults.length === 0) return 'No fault was injected.';
  const words = faults.map((fault) => (fault.struckMs === null ? `${fault.fault} of ${listWords(fault.nodes)} did not strike` : `${struckWords(fault)} at ${formatInstant(fault.struckMs)}`));
  const sentence = listWords(words.slice(0, 4)) + (words.length > 4 ? `, and ${plural(words.length - 4, 'more fault')}` : '');
  return `${/^(replication|the) /.test(sentence) ? sentence[0]!.toUpperCase() + sentence.slice(1) : sentence}.`;
}

function struckWords({ fault, nodes }: FaultFact): string {
  const victims = listWords(nodes);
  const deed = deedOf(fault);
  return deed.includes('%') ? deed.replace('%', () => victims) : `${victims} ${nodes.length === 1 ? 'was' : 'were'} ${deed}`;
}

function leadersSentence({ leaderChanges: changes, storeKind }: Facts): string {
  if (changes.length === 0) return '';
  if (changes.length > 2) return `Leadership changed ${formatCount(changes.length)} times, first at ${formatInstant(changes[0]!.timeMs)}.`;
  const words = changes.map(({ partition, from, to, timeMs }, index) => {
    const of = `of ${storeKind === 'queue' ? 'the queue' : `partition ${partition}`}`;
    return `${of}${index === 0 ? ' moved' : ''} from ${from ?? 'nobody'} to ${to ?? 'nobody'} at ${formatInstant(timeMs)}`;
  });
  return `Leadership ${listWords(words)}.`;
}

function awaySentence({ unavailable, faults }: Facts): string {
  if (unavailable.length === 0) return faults.length === 0 ? '' : 'Publishing was never unavailable for longer than the threshold.';
  const open = unavailable.find(({ toMs }) => toMs === null);
  if (open !== undefined) return `From ${formatInstant(open.fromMs)} on, publishing to partition ${open.partition} did not succeed again.`;
  const longest = unavailable.reduce((best, window) => (length(window) > length(best) ? window : best));
  // Several partitions that were away together are one row of the table of windows.
  const times = windowGroups(unavailable).length;
  const which = times === 1 ? 'once' : `${formatCount(times)} times, the longest`;
  return `Publishing was unavailable ${which} for ${formatDuration(length(longest))}, from ${formatInstant(longest.fromMs)} to ${formatInstant(longest.toMs!)}.`;
}

const length = ({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number | null }): number => (toMs ?? Infinity) - fromMs;

function redundancySentence(faults: readonly FaultFact[]): string {
  const times = faults.flatMap(({ timeToRedundancyMs }) => timeToRedundancyMs ?? []);
  return times.length === 0 ? '' : `Full redundancy was back ${formatDuration(Math.max(...times))} after the strike.`;
}

/** Attempts, as the curves count them; then the messages of which no attempt succeeded. */
function unansweredSentence({ totals, series }: Facts): string {
  if (totals.attempted === 0) return 'No publish was attempted.';
  const failed = Math.max(sum(series.failed), totals.failed);
  const unanswered = Math.max(sum(series.indeterminate), totals.indeterminate);
  if (failed === 0 && unanswered === 0) return 'No publish failed or stayed without an answer.';
  const parts = [
    ...(failed === 0 ? [] : [`${plural(failed, 'attempt')} failed${totals.failed === 0 ? ` and ${failed === 1 ? 'was' : 'were'} sent again` : ''}`]),
    ...(unanswered === 0 ? [] : [`${failed === 0 ? plural(unanswered, 'attempt') : formatCount(unanswered)} stayed without an answer`]),
    ...(totals.failed === 0 ? [] : [`${plural(totals.failed, 'message')} failed for certain`]),
    ...(totals.indeterminate === 0 ? [] : [`of ${plural(totals.indeterminate, 'message')} it is not known whether ${totals.indeterminate === 1 ? 'it' : 'they'} happened`]),
  ];
  return `${parts.join('; ')}.`;
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
