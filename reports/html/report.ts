// `report.html`: one file for everyone who did not run it.
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { formatDuration, formatTimestamp } from '../summary/format.ts';
import { summarise, suiteSentence } from '../summary/summarise.ts';
import { resultOf, resultWords } from '../summary/result.ts';
import { roleOf } from '../summary/role.ts';
import { versionLabels, versionOf } from '../summary/versions.ts';
import { markup, type Content, type Markup } from './markup.ts';
import { renderPage } from './page.ts';
import { sectionId, runSection } from './run/section.ts';
import { overview } from './suite/overview.ts';

export function renderSuiteReport(suite: SuiteRecord): string {
  const ids = uniqueIds(suite);
  const linkOf = (run: RunRecord): string => ids.get(run)!;
  const sections = summarise(suite).flatMap(({ runs }) => runs.map((run) => ({ run, repetitions: runs.length })));
  return renderPage({
    title: `Leaderfall: ${suiteSentence(suite)}`,
    masthead: masthead(suite.leaderfall, [formatTimestamp(suite.startedAt), formatDuration(suite.durationMs), markup`seed <code>${suite.seed}</code>`]),
    main: [overview(suite, linkOf), sections.map(({ run, repetitions }, index) => runSection(run, { id: linkOf(run), repetitions, twinLink: twinLink(run, suite.runs, linkOf), role: roleOf(run, suite.runs), brief: index >= fullLimit, alone: false, folder: suite.folders?.[run.runId] ?? null }))],
    end: end(markup`Made by <code>${suite.command}</code>, exit code ${suite.exitCode}, suite ${suite.suiteId}.`),
  });
}

/** Of larger suites the worst are here in full, the others in brief: some 100 kB each would make a file that proxies and mail refuse. */
const fullLimit = 16;

export function renderRunReport(run: RunRecord): string {
  return renderPage({
    title: `Leaderfall: ${run.scenario.name} ${resultWords[resultOf(run)]}`,
    masthead: masthead(run.leaderfall, [formatTimestamp(run.startedAt), formatDuration(run.durationMs)]),
    main: [markup`<h1 class="hidden">Run of ${run.scenario.name}</h1>`, runSection(run, { id: sectionId(run), repetitions: 1, twinLink: null, role: roleOf(run, [run]), brief: false, alone: true, folder: null })],
    end: end(markup`Run ${run.runId}.`),
  });
}

const masthead = (version: string, parts: readonly Content[]): Markup =>
  markup`<span><strong>Leaderfall</strong> ${version}</span> <span>${parts.map((part, index) => markup`${index === 0 ? '' : ' · '}${part}`)}</span>`;

const end = (words: Markup): Markup => markup`<p>${words} This file is complete: it loads nothing, and reads the same without its script.</p>`;

/** Two names can have the same slug; the later gets a number, so that every link has one target. */
function uniqueIds(suite: SuiteRecord): ReadonlyMap<RunRecord, string> {
  const taken = new Set<string>();
  const version = versionLabels(suite);
  return new Map(suite.runs.map((run) => {
    const base = sectionId(run, version(run).split(' ').at(-1));
    let id = base;
    for (let next = 2; taken.has(id); next += 1) id = `${base}-again-${next}`;
    taken.add(id);
    return [run, id];
  }));
}

function twinLink(run: RunRecord, runs: readonly RunRecord[], linkOf: (run: RunRecord) => string): string | null {
  const { twin } = run.judgement.power;
  const all = runs.filter((other) => other.scenario.name === twin && versionOf(other) === versionOf(run));
  const found = all.find(({ repetition }) => repetition === run.repetition) ?? all[0];
  return found === undefined ? null : linkOf(found);
}
