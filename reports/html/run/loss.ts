// Who lost it: attribution, the messages that the faults exposed, and stories of single messages.
import type { Cause, Example, Exposure, Facts, MeasureFact } from '../../../harness/model/facts.ts';
import { exampleLimit, survivorLimit } from '../../../harness/model/facts.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { formatMessageId } from '../../../harness/model/message.ts';
import { formatCount, plural } from '../../summary/format.ts';
import { causeMeanings, causes, measureWords } from '../../summary/measure-words.ts';
import { formatQuantity, quantityOf } from '../../summary/quantity.ts';
import { formatMeasure } from '../../summary/result.ts';
import { count, folded } from '../block.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { explainCommand } from '../story/explain-command.ts';
import { storyBlock, storyId, type StoryPlace } from '../story/story.ts';
import { table } from '../table.ts';

export function attribution(run: RunRecord, facts: Facts): Markup {
  const isExact = quantityOf(run, 'lost')?.certainty === 'exact';
  if (facts.accounting.lost === 0) return markup`<p>${isExact ? 'Nothing was lost, so there is nobody to name.' : 'No loss was found so far, but not everything could be looked at.'}</p>`;
  return table<Cause>({
    caption: 'Who lost the lost messages', rows: causes, stack: false, rowClass: (cause) => (facts.attribution[cause] > 0 ? 'bad' : ''),
    columns: [
      { header: 'lost by', cell: (cause) => cause },
      { header: 'messages', kind: 'number', cell: (cause) => count(facts.attribution[cause], formatCount(facts.attribution[cause])) },
      { header: 'how that is known', cell: (cause) => markup`<span class="muted">${causeMeanings[cause]}</span>` },
    ],
  });
}

export function exposure(run: RunRecord, { faults, exposedSet }: Facts): Markup {
  const isExact = quantityOf(run, 'lost')?.certainty === 'exact';
  const exposures = faults.flatMap((fault) => fault.exposure ?? []);
  if (exposures.length === 0) return markup`<p>No message was exposed to a fault.</p>`;
  const { exposed, lostAndExposed, lostNotExposed, exposedNotLost } = exposedSet;
  const isClosed = exposures.some(({ kind }) => kind === 'closed');
  const otherwise = isClosed ? 'lost outside the closed set' : 'lost without having been exposed';
  const same = exposed > 0 && lostNotExposed === 0 && exposedNotLost === 0;
  return markup`${table<Exposure>({
    caption: 'Messages whose fate each fault could change', rows: exposures, stack: false,
    columns: [
      { header: 'fault', cell: ({ fault }) => fault, kind: 'code' },
      { header: 'which', cell: ({ kind }) => (kind === 'closed' ? 'a closed set, published for this fault' : 'in flight, or accepted and not yet consumed') },
      { header: 'exposed', kind: 'number', cell: (each) => count(each.count, formatCount(each.count)) },
      { header: 'of them lost', kind: 'number', cell: ({ lost }) => count(lost, `${isExact ? '' : '≥ '}${formatCount(lost)}`) },
    ],
  })}<p>${isExact ? '' : 'As far as is known: '}${same ? 'The lost are exactly the exposed: ' : ''}${plural(exposed, 'message')} exposed${isClosed ? ' in the closed set' : ''}; ${formatCount(lostAndExposed)} lost and exposed, ${formatCount(lostNotExposed)} ${otherwise}, ${formatCount(exposedNotLost)} exposed and not lost.</p>
`;
}

/** How many stories of an unmet measure can be read without a click. */
const openStories = 3;

/** Open where the measure is one that a clause does not allow. A message that shows several anomalies is told once. */
export function examples(run: RunRecord, facts: Facts, { id, alone }: Pick<StoryPlace, 'id' | 'alone'>, unmet: ReadonlySet<string>): Markup {
  const groups = [...facts.measures.filter((fact) => fact.examples.length > 0).map((fact) => measureGroup(run, fact, unmet)), ...survivorGroup(run, facts)];
  if (groups.length === 0) return markup`<p>No anomaly, so no examples.</p>`;
  const told = new Set<string>();
  const outcomes = outcomesOf(groups);
  const place = (example: Example, open: boolean): StoryPlace => ({ id, alone, open, outcomes: outcomes.get(formatMessageId(example))! });
  return markup`<p class="muted">A message is named producer:sequence. Its story has its own events, who led its partition, and what happened around them. <code>${explainCommand}</code> tells that of any other message, from the history in the run’s folder RUN.</p>
<div class="stories" id="${id}--stories" data-explain="${explainCommand}">${groups.map((group) =>
    folded(group.summary, stories(group, facts, id, told, place), { id: `${id}--examples-${group.name}`, open: group.open, data: markup` class="outcome"` }))}</div>`;
}

/** Stories that are told together, and why. */
interface Group {
  readonly name: string;
  readonly label: string;
  readonly summary: string;
  readonly meaning: string;
  readonly examples: readonly Example[];
  readonly open: boolean;
}

function measureGroup(run: RunRecord, { measure, count: found, examples: shown }: MeasureFact, unmet: ReadonlySet<string>): Group {
  const { label, meaning } = measureWords[measure];
  const head = `${label}: ${formatQuantity(quantityOf(run, measure), (value) => formatMeasure(measure, value))}`;
  const isSample = shown.length < found && shown.length === exampleLimit;
  return { name: measure, label, meaning, examples: shown, open: unmet.has(measure), summary: isSample ? `${head}, ${exampleLimit} messages told, spread over all of them` : `${head}, ${plural(shown.length, 'example')}` };
}

/** What a fault put at risk and did not take: without it nobody sees how a message comes through. */
function survivorGroup(run: RunRecord, { survivors }: Facts): readonly Group[] {
  if (survivors === undefined || survivors.examples.length === 0) return [];
  const { count: found, examples: shown } = survivors;
  const label = quantityOf(run, 'lost')?.certainty === 'exact' ? 'exposed and survived' : 'exposed and not known to be lost';
  const head = `${label}: ${formatCount(found)}`;
  const isSample = shown.length < found && shown.length === survivorLimit;
  return [{ name: 'survivors', label, meaning: 'accepted messages whose fate a fault could change, and that were not lost', examples: shown, open: false, summary: isSample ? `${head}, ${survivorLimit} messages told, spread over all of them` : `${head}, ${plural(shown.length, 'example')}` }];
}

/** Labels of the groups that each message is an example in. */
function outcomesOf(groups: readonly Group[]): ReadonlyMap<string, readonly string[]> {
  const all = groups.flatMap(({ label, examples: own }) => own.map((example) => ({ message: formatMessageId(example), label })));
  return new Map([...Map.groupBy(all, ({ message }) => message)].map(([message, own]) => [message, own.map(({ label }) => label)]));
}

function stories({ meaning, examples: shown, open }: Group, facts: Facts, id: string, told: Set<string>, place: (example: Example, open: boolean) => StoryPlace): Markup {
  const fresh = shown.filter((example) => !told.has(storyId(id, example)));
  const before = shown.filter((example) => told.has(storyId(id, example)));
  for (const example of fresh) told.add(storyId(id, example));
  const links = before.map((example, index) => markup`${index === 0 ? '' : ', '}<a href="#${storyId(id, example)}"><code>${formatMessageId(example)}</code></a>`);
  return markup`<p class="muted">${meaning}.</p>${fresh.map((example, index) => storyBlock(example, facts, place(example, open && index < openStories)))}${before.length === 0 ? nothing : markup`<p>Told above: ${links}</p>`}`;
}
