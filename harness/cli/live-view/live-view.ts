// Shows progress on stderr: a live block on a terminal, plain lines everywhere else.
import { createLogUpdate } from 'log-update';
import type { OnProgress } from '../../model/progress.ts';
import { colorsFor } from '../io.ts';
import type { Io } from '../io.ts';
import { finishedLine, liveScreen } from './live-screen.ts';
import { plainLines } from './plain-lines.ts';
import { advance, initialState } from './progress-state.ts';

export interface LiveView extends Disposable {
  readonly onProgress: OnProgress;
  /** Leaves the terminal as it should stay. Also done by disposing. */
  end(): void;
}

/** A terminal that can move its cursor. CI systems often pretend to be one; one without rows shows nothing. */
const isLive = ({ stderr, env }: Io): boolean => stderr.isTTY === true && stderr.rows !== 0 && env['TERM'] !== 'dumb' && !env['CI'];

export const createLiveView = (io: Io): LiveView => (isLive(io) ? screenView(io) : lineView(io));

function lineView(io: Io): LiveView {
  const beginMs = io.nowMs();
  let state = initialState;
  return {
    onProgress(event) {
      const nowMs = io.nowMs();
      state = advance(state, event, nowMs);
      for (const line of plainLines(event, state, nowMs - beginMs)) io.stderr.write(`${line}\n`);
    },
    end() {},
    [Symbol.dispose]() {},
  };
}

const redrawMs = 200;

function screenView(io: Io): LiveView {
  const colors = colorsFor(io.stderr, io.env);
  const width = (): number => io.stderr.columns ?? 80;
  const update = createLogUpdate(io.stderr as NodeJS.WritableStream, { showCursor: true });
  let state = initialState;
  const draw = (): void => update(liveScreen(state, io.nowMs(), width(), colors));
  const timer = setInterval(draw, redrawMs).unref();
  const end = (): void => {
    clearInterval(timer);
    update.clear();
    update.done();
  };
  return {
    onProgress(event) {
      state = advance(state, event, io.nowMs());
      if (event.type === 'scenario-end') update.persist(finishedLine(event.record, width(), colors));
      draw();
    },
    end,
    [Symbol.dispose]: end,
  };
}
