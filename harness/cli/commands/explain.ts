// `leaderfall explain`: the story of one message, told from the history of its run.
import { exitCodes, LeaderfallError } from '../../model/errors.ts';
import type { ExitCode } from '../../model/errors.ts';
import type { MessageId } from '../../model/message.ts';
import { explainMessage } from '../../run/explain-message.ts';
import { renderStory } from '../../../reports/terminal/story.ts';
import type { ExplainOptions } from '../command-table.ts';
import { wantsColor } from '../io.ts';
import type { Io } from '../io.ts';

/** Exit code 2 where the history knows no such message. */
export async function explain(io: Io, [folder = '', id = '']: readonly string[], { neighbours, json }: ExplainOptions): Promise<ExitCode> {
  const story = await explainMessage(folder, parseId(id), { neighbours });
  if (json) io.stdout.write(`${JSON.stringify(story, null, 2)}\n`);
  else io.stdout.write(renderStory(story, { colour: wantsColor(io.stdout, io.env) }));
  return story.known ? exitCodes.upheld : exitCodes.usage;
}

/** `0:9120`, as reports say it; `0/9120` as file names and addresses do. */
function parseId(text: string): MessageId {
  const [, producer, sequence] = /^(\d{1,5})[:/](\d{1,10})$/.exec(text) ?? [];
  if (producer !== undefined && sequence !== undefined) return { producer: Number(producer), sequence: Number(sequence) };
  throw new LeaderfallError('E_USAGE', `A message is called producer:sequence, not "${text}"`, { hint: 'For example: leaderfall explain reports/runs/latest 0:912. The reports name the lost and the repeated.' });
}
