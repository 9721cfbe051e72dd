// One run from verdict to method, in the order in which a reader asks.
import type { Facts } from '../../../harness/model/facts.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { clientOf } from '../../summary/client.ts';
import { formatDuration, formatTimestamp } from '../../summary/format.ts';
import type { Role } from '../../summary/role.ts';
import { block } from '../block.ts';
import { fateFigure } from '../fate/fate-map.ts';
import { latencyBlock } from '../latency/latency.ts';
import { markup, nothing, slug, type Markup } from '../markup.ts';
import { leadership } from '../timeline/leadership.ts';
import { timeDomain } from '../timeline/domain.ts';
import { timeline } from '../timeline/timeline.ts';
import { accountingFigure, measureTable, totalsList } from './accounting.ts';
import { availabilityTable, clientErrors } from './availability.ts';
import { contractTable, gatesTable } from './contract.ts';
import { method, phaseTable, power, reproduce, runError, steps } from './course.ts';
import { attribution, examples, exposure } from './loss.ts';
import { nodeLogs } from './node-logs.ts';
import { configuration, environment } from './settings.ts';
import { verdictBand } from './verdict-band.ts';

export interface RunPlace {
  readonly id: string;
  /** How many runs of this scenario there are. */
  readonly repetitions: number;
  /** Where the twin's section is, or null. */
  readonly twinLink: string | null;
  /** Beside the other runs of the document. */
  readonly role: Role;
  /** Only what a reader of many needs: verdict, contract, accounting, how to play it again. */
  readonly brief: boolean;
  /** No other run is in the document. */
  readonly alone: boolean;
  /** The run's own folder, from where this document is; null: not known. */
  readonly folder: string | null;
}

/** Stable over runs and suites, so that a link into a report keeps its meaning. */
export const sectionId = (run: RunRecord, version = ''): string => `run-${slug(run.scenario.name)}${version === '' ? '' : `-on-${slug(version)}`}${run.repetition > 1 ? `-${run.repetition}` : ''}`;

export function runSection(run: RunRecord, place: RunPlace): Markup {
  return place.brief ? briefSection(run, place) : fullSection(run, place);
}

function briefSection(run: RunRecord, place: RunPlace): Markup {
  const { id, folder } = place;
  const part = (name: string): string => `${id}--${name}`;
  const { error, facts } = run;
  const own = folder === null ? markup`in its own report, in the run’s folder` : markup`in <a href="${relativeUrl(folder)}/report.html">its own report</a>`;
  return markup`<article id="${id}" aria-labelledby="${part('name')}">${heading(run, part('name'), place)}
${verdictBand(run)}${error === null ? nothing : block('Error', part('error'), runError(error))}${block('Contract', part('contract'), contractTable(run, null))}
${facts === null ? nothing : block('Accounting', part('accounting'), accountingFigure(run, facts, id))}${block('Power', part('power'), power(run, place))}
${block('Reproduce', part('reproduce'), [reproduce(run), markup`<p>In brief, because this suite has many runs: timeline, examples and configuration are ${own}.</p>`])}</article>
`;
}

/** Each part of the path escaped, and relative from its first character: a name cannot become another scheme or host. */
const relativeUrl = (folder: string): string => `./${folder.split('/').filter((part) => part !== '').map(encodeURIComponent).join('/')}`;

function fullSection(run: RunRecord, place: RunPlace): Markup {
  const { id, alone } = place;
  const part = (name: string): string => `${id}--${name}`;
  const { error, facts } = run;
  return markup`<article id="${id}" aria-labelledby="${part('name')}">${heading(run, part('name'), place)}
${verdictBand(run)}${error === null ? nothing : block('Error', part('error'), runError(error))}
${block('Contract', part('contract'), contractTable(run, id))}${block('Gates', part('gates'), gatesTable(run.judgement.gates))}
${facts === null ? nothing : evidence(run, facts, id, alone)}
${block(run.phases.some(({ phase }) => phase === 'chaos') ? 'What was done' : 'What was planned', part('steps'), steps(run))}${block('Power', part('power'), power(run, place))}
${block('Configuration', part('configuration'), configuration(run.configuration))}${block('Environment', part('environment'), environment(run))}
${block('Phases', part('phases'), phaseTable(run))}${block('Method and limits', part('method'), method(run))}
${block('Reproduce', part('reproduce'), reproduce(run))}</article>
`;
}

/** Of a run that is alone the masthead says when it was. */
function heading(run: RunRecord, id: string, { repetitions, alone }: RunPlace): Markup {
  const repetition = repetitions > 1 ? ` · repetition ${run.repetition} of ${repetitions}` : run.repetition > 1 ? ` · repetition ${run.repetition}` : '';
  const { broker } = run.scenario.cluster;
  return markup`<header><h2 id="${id}">${run.scenario.name}${repetition}</h2><p class="note">${run.scenario.title}</p><p class="note">${broker} ${run.environment.brokerVersion} · ${clientOf(run)} · ${alone ? '' : `${formatTimestamp(run.startedAt)} · ${formatDuration(run.durationMs)} · `}seed ${run.seed}</p></header>`;
}

function evidence(run: RunRecord, facts: Facts, id: string, alone: boolean): Markup {
  const part = (name: string): string => `${id}--${name}`;
  const unmet = new Set(run.judgement.clauses.filter(({ verdict }) => verdict !== 'upheld').map(({ measure }) => measure));
  const { fromMs, toMs } = timeDomain(run, facts);
  return markup`<div class="charts" id="${part('charts')}" data-from="${fromMs}" data-to="${toMs}">${block('Timeline', part('timeline'), timeline(run, facts, part('chart')))}${block('Latency', part('latency'), latencyBlock(run, facts, part('latency-chart')))}
${block('Availability', part('availability'), availabilityTable(facts, id, alone))}${block('Loss map', part('map'), fateFigure(run, facts, part('map-chart'), id))}
${block(facts.storeKind === 'queue' ? 'Leader and members' : 'Leaders and replicas', part('leaders'), leadership(run, facts, part('strip')))}</div>
${block('Accounting', part('accounting'), [accountingFigure(run, facts, id), measureTable(run, facts, id), totalsList(facts)])}
${block('Who lost it', part('attribution'), attribution(run, facts))}${block('Exposed', part('exposure'), exposure(run, facts))}
${block('Examples', part('examples'), examples(run, facts, { id, alone }, unmet))}${block('Client errors', part('errors'), clientErrors(facts.errors))}${block('Node logs', part('logs'), nodeLogs(run, facts))}
`;
}
