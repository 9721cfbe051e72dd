// The few lines that a terminal shows while a scenario runs: phases, rates, counts, faults.
import { stripVTControlCharacters } from 'node:util';
import type { RunRecord } from '../../model/run-record.ts';
import type { Colors } from '../io.ts';
import { formatCount, formatSeconds } from './format.ts';
import { resultOf } from './plain-lines.ts';
import type { FaultState, PhaseState, ProgressState } from './progress-state.ts';

/** Lines are cut to the width, so that none wraps. */
export function liveScreen(state: ProgressState, nowMs: number, width: number, colors: Colors): string {
  const { scenario } = state;
  if (scenario === null) return state.message === '' ? '' : clip(state.message, width);
  const place = `${scenario.index + 1}/${scenario.count}`;
  const again = scenario.repetition > 1 ? ` #${scenario.repetition}` : '';
  const lines = [
    `${colors.bold(clip(`${place} ${scenario.name}${again}`, width))}`,
    colors.dim(clip(`${formatSeconds(nowMs - scenario.beginMs)} · seed ${state.seed} · ${scenario.title}`, width)),
    phaseLine(state.phases, nowMs, width, colors),
    ...countLines(state, width, colors),
    ...state.faults.map((fault) => faultLine(fault, nowMs, width, colors)),
    ...[state.step, state.message].filter((text) => text !== '').map((text) => colors.dim(clip(text, width))),
  ];
  return lines.join('\n');
}

/** What stays on the terminal once a scenario is over. */
export function finishedLine(record: RunRecord, width: number, colors: Colors): string {
  const result = resultOf(record);
  const [mark, paint] = result === 'upheld' ? ['✓', colors.green] : result === 'inconclusive' || result === 'interrupted' ? ['?', colors.yellow] : ['✗', colors.red];
  return `${paint(`${mark} ${result}`)}  ${clip(`${record.scenario.name}  ${formatSeconds(record.durationMs)}`, width - result.length - 4)}`;
}

function phaseLine(phases: readonly PhaseState[], nowMs: number, width: number, colors: Colors): string {
  const shown: string[] = [];
  let used = 0;
  for (const { phase, beginMs, endMs, ok } of phases) {
    const text = `${endMs === null ? '▸' : ok ? '✓' : '✗'} ${phase} ${formatSeconds((endMs ?? nowMs) - beginMs)}`;
    used += text.length + 2;
    const paint = endMs === null ? colors.cyan : ok ? colors.dim : colors.red;
    shown.push(paint(text));
    while (used > width && shown.length > 1) used -= visibleLength(shown.shift()!) + 2;
  }
  return shown.join('  ');
}

function countLines({ counters, rates }: ProgressState, width: number, colors: Colors): readonly string[] {
  if (counters === null) return [];
  const { acknowledged, handedOver, delivered, outstanding, failed, indeterminate } = counters;
  const word = handedOver > 0 ? 'handed over' : 'acknowledged';
  const troubled = failed + indeterminate;
  const text = `${word} ${formatCount(acknowledged + handedOver)} (${formatCount(rates.acknowledged)}/s)  delivered ${formatCount(delivered)} (${formatCount(rates.delivered)}/s)  outstanding ${formatCount(outstanding)}`;
  const trouble = troubled === 0 ? '' : `failed ${formatCount(failed)}  indeterminate ${formatCount(indeterminate)}`;
  return [clip(text, width), ...(trouble === '' ? [] : [colors.yellow(clip(trouble, width))])];
}

function faultLine({ id, fault, edge, nodes, atMs }: FaultState, nowMs: number, width: number, colors: Colors): string {
  const name = id === fault ? fault : `${fault} (${id})`;
  const text = clip(`${edge === 'healed' ? '○' : '●'} ${name} ${nodes.join(', ')}: ${edge} ${formatSeconds(nowMs - atMs)} ago`, width);
  return edge === 'healed' ? colors.green(text) : colors.red(text);
}

const clip = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`);

const visibleLength = (text: string): number => stripVTControlCharacters(text).length;
