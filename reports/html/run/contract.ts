// What was promised and what was found, unmet first; and the gates: the preconditions of believing it.
import type { Gate, JudgedClause, Measure, Verdict } from '../../../harness/model/contract.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import type { VersionCondition } from '../../../harness/model/scenario.ts';
import { listWords } from '../../summary/format.ts';
import { actualWords, clauseVerdict } from '../../summary/quantity.ts';
import { isDuration, measureWords } from '../../summary/measure-words.ts';
import { measureFact } from '../../summary/summarise.ts';
import { folded } from '../block.ts';
import { verdictMark } from '../glyphs.ts';
import { linked, markup, nothing, prose, type Markup } from '../markup.ts';
import { table } from '../table.ts';

const order: readonly Verdict[] = ['violated', 'inconclusive', 'upheld'];

/** `id` is that of the run's section, for links to its evidence; null where the evidence is elsewhere. */
export function contractTable(run: RunRecord, id: string | null): Markup {
  const clauses = run.judgement.clauses.map((clause) => ({ ...clause, verdict: clauseVerdict(run, clause) })).toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  if (clauses.length === 0) return markup`<p>No clause was judged: there was no history to judge.</p>`;
  const { predicted = {} } = run.scenario;
  return markup`${table<JudgedClause>({
    caption: 'The contract’s clauses, unmet first', rows: clauses, rowClass: ({ verdict }) => (verdict === 'upheld' ? '' : 'bad'),
    columns: [
      { header: 'measure', cell: ({ measure }) => measureWords[measure].label + (isDuration(measure) ? ', in ms' : '') },
      { header: 'expected', cell: ({ expected }) => prose(expected) },
      ...(clauses.some(({ measure }) => predicted[measure] !== undefined) ? [{ header: 'predicted', cell: ({ measure }: JudgedClause) => (predicted[measure] === undefined ? markup`<span class="muted"><span class="hidden">no prediction</span><span aria-hidden="true">—</span></span>` : prose(predicted[measure])) }] : []),
      { header: 'actual', cell: (clause) => prose(actualWords(run, clause)) },
      { header: 'verdict', cell: ({ verdict }) => verdictMark(verdict) },
      { header: 'why, and evidence', cell: (clause) => markup`${prose(clause.reason ?? '')} ${evidenceLink(run, clause, id)}${conditionsOf(run, clause.measure)}` },
    ],
  })}${otherConditions(run)}`;
}

/** Why this clause is what it is on this version of the broker. */
function conditionsOf({ scenario }: RunRecord, measure: Measure): Markup {
  const own = scenario.conditions.filter(({ measures }) => measures?.includes(measure) === true);
  return markup`${own.map((condition) => markup` <span class="note condition">${conditionWords(condition)}</span>`)}`;
}

/** Conditions that do not name their clauses, and which versions have the policy at all. */
function otherConditions({ scenario }: RunRecord): Markup {
  const { only, conditions, cluster } = scenario;
  const unnamed = conditions.filter(({ measures }) => measures === undefined);
  const notes = [
    ...unnamed.map((condition) => markup`<li>The contract is conditioned on the version. ${conditionWords(condition)}</li>`),
    ...(only === null ? [] : [markup`<li>Only ${cluster.broker} ${listWords(only.versions)} has this policy: ${linked(only.because)}</li>`]),
  ];
  return notes.length === 0 ? nothing : markup`<ul class="plain">${notes}</ul>`;
}

const conditionWords = ({ versions, because }: VersionCondition): Markup => markup`On ${listWords(versions)}: ${linked(because)}`;

/** To the messages themselves where there are any, else to the accounting. */
function evidenceLink(run: RunRecord, { measure }: JudgedClause, id: string | null): Markup {
  if (run.facts === null || id === null) return nothing;
  const { label } = measureWords[measure];
  const examples = measureFact(run.facts, measure)?.examples.length ?? 0;
  if (examples > 0) return markup`<a href="#${id}--examples-${measure}">${label}: examples</a>`;
  if (measure === 'unavailableMs') return markup`<a href="#${id}--timeline">timeline</a>`;
  return markup`<a href="#${id}--counts-${measure}">${label}: count</a>`;
}

export function gatesTable(gates: readonly Gate[]): Markup {
  if (gates.length === 0) return markup`<p>No gate was reached.</p>`;
  const failed = gates.filter(({ passed }) => !passed);
  const all = table<Gate>({
    caption: 'Preconditions of believing the result, failed first', rows: [...failed, ...gates.filter(({ passed }) => passed)], stack: false, rowClass: ({ passed }) => (passed ? '' : 'bad'),
    columns: [
      { header: 'gate', cell: ({ name }) => name, kind: 'code' },
      { header: 'result', cell: ({ passed }) => (passed ? verdictMark('upheld', 'passed') : verdictMark('inconclusive', 'failed')) },
      { header: 'evidence', cell: ({ detail }) => prose(detail) },
    ],
  });
  const words = failed.length === 0 ? `all ${gates.length} passed` : `${failed.length} of ${gates.length} failed`;
  return folded(failed.length === 0 ? verdictMark('upheld', words) : verdictMark('inconclusive', `${words}: the result cannot be believed`), all, { open: failed.length > 0 });
}
