// Runs the phases: each is named, bounded, on record with its begin and end, and ends early when the run is interrupted.
import { redactText } from '../model/configuration.ts';
import { describeError, isLeaderfallError, LeaderfallError } from '../model/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { Phase } from '../model/scenario.ts';
import { untilAborted } from '../model/wait.ts';
import type { RunContext } from './run-context.ts';

/** A wait inside the phase, which knows what it waited for, speaks before the phase's own limit does. */
const backstopMs = 1_000;
/** One that the limit ends tells what it still waited for, once its last look is over; work that does not look at its signal must not outlive that. */
const lastWordsMs = 1_500;

export class PhaseRunner {
  readonly finished: RunRecord['phases'][number][] = [];
  readonly #context: RunContext;
  current: Phase | null = null;

  constructor(context: RunContext) {
    this.#context = context;
  }

  /**
   * Runs one phase with a signal that aborts after `timeoutMs` or with the run.
   * The work returns a detail for the record. @throws what the work throws; a bound that was hit is `E_TIMEOUT`.
   */
  async run(phase: Phase, timeoutMs: number, work: (signal: AbortSignal) => Promise<string>, within: AbortSignal = this.#context.signal): Promise<string> {
    const { record, clock, onProgress } = this.#context;
    const late = new LeaderfallError('E_TIMEOUT', `The ${phase} phase took longer than its bound of ${timeoutMs} ms`, { hint: `Raise bounds.${phase}Ms in the scenario, or look at the nodes' logs.` });
    const [limit, end] = [new AbortController(), new AbortController()];
    const timers = [setTimeout(() => limit.abort(late), timeoutMs + backstopMs), setTimeout(() => end.abort(late), timeoutMs + backstopMs + lastWordsMs)];
    const beginMs = clock.nowNs() / 1e6;
    this.current = phase;
    record({ type: 'phase', phase, edge: 'begin' });
    onProgress({ type: 'phase', phase, edge: 'begin', ok: true, detail: '' });
    const tell = (ok: boolean, text: string) => {
      const detail = redactText(text);
      timers.forEach(clearTimeout);
      this.finished.push({ phase, beginMs, endMs: clock.nowNs() / 1e6, ok, detail });
      record({ type: 'phase', phase, edge: 'end', ok, detail });
      onProgress({ type: 'phase', phase, edge: 'end', ok, detail });
    };
    try {
      const detail = await untilAborted(work(AbortSignal.any([within, limit.signal])), AbortSignal.any([within, end.signal]));
      tell(true, detail);
      return detail;
    } catch (error) {
      tell(false, isLeaderfallError(error) ? error.message : describeError(error));
      throw error;
    }
  }
}
