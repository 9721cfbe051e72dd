// The tally by family of faults: which kinds of trouble the suite covers, and how its runs came out under each.
import type { SuiteRecord } from '../../../harness/model/run-record.ts';
import { familyOutcomes, familyTallies, familyWords, outcomeWords, type FamilyTally } from '../../summary/families.ts';
import { formatCount } from '../../summary/format.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { table } from '../table.ts';

/** One run needs no tally. */
export function familySection(suite: SuiteRecord): Markup {
  const rows = familyTallies(suite);
  if (suite.runs.length + suite.notRunnable.length < 2 || rows.length === 0) return nothing;
  return markup`<div class="overview" id="families">${table<FamilyTally>({
    caption: 'Runs by the family of their faults; one with faults of several families counts in each', captionHidden: false, rows, stack: true,
    columns: [
      { header: 'family', cell: ({ family }) => familyWords[family] },
      { header: 'runs', kind: 'number', cell: ({ runs }) => formatCount(runs) },
      ...familyOutcomes.map((outcome) => ({ header: outcomeWords[outcome], kind: 'number' as const, cell: ({ outcomes }: FamilyTally) => formatCount(outcomes[outcome]) })),
    ],
  })}</div>
`;
}
