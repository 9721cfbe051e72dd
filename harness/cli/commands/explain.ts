// `leaderfall explain`: the story of one message, told from the history of its run.
import { exitCodes, LeaderfallError } from '../../model/errors.ts';
import type { ExitCode } from '../../model/errors.ts';
import type { MessageId } from '../../model/message.ts';
import { explainMessage } from '../../run/explain-message.ts';
import { renderStory } from '../../../reports/terminal/story.ts';
import type { ExplainOptions } from '../command-table.ts';
import { wantsColor } from '../io.ts';
import type { Io } from '../io.ts';

/** @throws LeaderfallError `E_USAGE` where the history knows no such message. */
export async function explain(io: Io, [folder = '', id = '']: readonly string[], { neighbours, json }: ExplainOptions): Promise<ExitCode> {
  const story = await explainMessage(folder, parseId(id), { neighbours });
  if (json) io.stdout.write(`${JSON.stringify(story, null, 2)}\n`);
  else if (story.known) io.stdout.write(renderStory(story, { colour: wantsColor(io.stdout, io.env) }));
  if (!story.known) throw new LeaderfallError('E_USAGE', `There is no message ${id} in this run: no event of the history names it`, { hint: 'Sequences count from 0 for each producer; the reports name messages, and leaderfall export RUN lists every event.' });
  return exitCodes.upheld;
}

/** `0:9120`, as reports say it; `0/9120` as file names and addresses do. */
function parseId(text: string): MessageId {
  const [, producer, sequence] = /^(\d{1,5})[:/](\d{1,10})$/.exec(text) ?? [];
  if (producer !== undefined && sequence !== undefined) return { producer: Number(producer), sequence: Number(sequence) };
  throw new LeaderfallError('E_USAGE', `A message is called producer:sequence, not "${text}"`, { hint: 'For example: leaderfall explain reports/runs/latest 0:912. The reports name the lost and the repeated.' });
}
