// What was promised and what was found, unmet first; and the gates: the preconditions of believing it.
import type { Gate, JudgedClause, Verdict } from '../../../harness/model/contract.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { tie } from '../../summary/format.ts';
import { isDuration, measureWords } from '../../summary/measure-words.ts';
import { measureFact } from '../../summary/summarise.ts';
import { folded } from '../block.ts';
import { verdictMark } from '../glyphs.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { table } from '../table.ts';

const order: readonly Verdict[] = ['violated', 'inconclusive', 'upheld'];

export function contractTable(run: RunRecord, id: string): Markup {
  const clauses = run.judgement.clauses.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  if (clauses.length === 0) return markup`<p>No clause was judged: there was no history to judge.</p>`;
  return table<JudgedClause>({
    caption: 'The contract’s clauses, unmet first', rows: clauses, rowClass: ({ verdict }) => (verdict === 'upheld' ? '' : 'bad'),
    columns: [
      { header: 'measure', cell: ({ measure }) => measureWords[measure].label + (isDuration(measure) ? ', in ms' : '') },
      { header: 'expected', cell: ({ expected }) => tie(expected) },
      { header: 'actual', cell: ({ actual }) => tie(actual) },
      { header: 'verdict', cell: ({ verdict }) => verdictMark(verdict) },
      { header: 'why, and evidence', cell: (clause) => markup`${tie(clause.reason ?? '')} ${evidenceLink(run, clause, id)}` },
    ],
  });
}

/** To the messages themselves where there are any, else to the accounting. */
function evidenceLink(run: RunRecord, { measure }: JudgedClause, id: string): Markup {
  if (run.facts === null) return nothing;
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
      { header: 'evidence', cell: ({ detail }) => tie(detail) },
    ],
  });
  const words = failed.length === 0 ? `all ${gates.length} passed` : `${failed.length} of ${gates.length} failed`;
  return folded(failed.length === 0 ? verdictMark('upheld', words) : verdictMark('inconclusive', `${words}: the result cannot be believed`), all, { open: failed.length > 0 });
}
