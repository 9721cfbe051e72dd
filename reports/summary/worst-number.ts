// The one number that a cell of the matrix has room for: what the contract forbids or demands, and how much of it came.
import type { Measure } from '../../harness/model/contract.ts';
import { measures } from '../../harness/model/contract.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { formatCount } from './format.ts';
import { measureWords } from './measure-words.ts';
import { formatQuantity, quantityOf } from './quantity.ts';
import { demanded, formatMeasure } from './result.ts';

/** "lost 12 of 41,210", "must lose: lost 1,000 of 1,000 exposed", "unavailable 7.3 s"; the error's code where nothing was counted. */
export function worstNumber(run: RunRecord): string {
  if (run.facts === null) return run.error?.code ?? 'nothing counted';
  const measure = worstMeasure(run);
  return `${mustWords(run)}${numberWords(run, measure)}`;
}

/** What is violated, else what is demanded, else loss. */
function worstMeasure({ judgement, scenario }: RunRecord): Measure {
  const violated = judgement.clauses.filter(({ verdict }) => verdict === 'violated').map(({ measure }) => measure);
  return measures.find((measure) => violated.includes(measure)) ?? demanded(scenario.contract)[0] ?? 'lost';
}

function numberWords(run: RunRecord, measure: Measure): string {
  const facts = run.facts!;
  const quantity = quantityOf(run, measure);
  if (quantity === null || quantity.certainty === 'unknown') return `${measure === 'lost' ? 'loss' : measureWords[measure].label} not known`;
  const number = formatQuantity(quantity, (count) => formatMeasure(measure, count));
  if (measure === 'unavailableMs') return `unavailable ${number}`;
  if (measure !== 'lost') return `${measureWords[measure].label} ${number}`;
  const clause = run.scenario.contract.lost;
  const exposed = typeof clause === 'object' && 'equals' in clause && clause.equals === 'exposed';
  return `lost ${number} of ${exposed ? `${formatCount(facts.exposedSet.exposed)} exposed` : formatCount(facts.accounting.baseCount)}`;
}

const mustVerbs: Readonly<Partial<Record<Measure, string>>> = {
  lost: 'lose', deadLettered: 'dead-letter', duplicated: 'duplicate', processedTwice: 'process twice', settledUnprocessed: 'settle unprocessed', reordered: 'reorder', redelivered: 'redeliver', copies: 'store twice',
};

/** "must lose: " for a scenario that is there to show what its safe twin must not; "may lose: " where a loss that came was allowed. */
function mustWords({ scenario, facts, judgement }: RunRecord): string {
  const [measure] = demanded(scenario.contract);
  const allowed = scenario.contract.lost === 'allowed' && judgement.verdict === 'upheld' && (facts?.accounting.lost ?? 0) > 0;
  return measure === undefined ? (allowed ? 'may lose: ' : '') : `must ${mustVerbs[measure] ?? `show ${measureWords[measure].label}`}: `;
}
