// Progress that never falls silent: when nothing new was said for a while, it says what is still going on.
import type { ImageProgress } from './image-types.ts';

const silenceMs = 8_000;

export interface StepReporter extends Disposable {
  (step: string): void;
}

/** Reports steps about one image until disposed; repeats the current one with its age after eight silent seconds. */
export function reportSteps(image: string, onProgress: ImageProgress, silence = silenceMs): StepReporter {
  let current = 'starting';
  let since = performance.now();
  const report = (step: string): void => {
    current = step;
    since = performance.now();
    timer.refresh();
    onProgress({ image, step });
  };
  const timer = setInterval(() => {
    onProgress({ image, step: `${current} (${Math.round((performance.now() - since) / 1000)} s so far)` });
  }, silence);
  return Object.assign(report, { [Symbol.dispose]: () => clearInterval(timer) });
}
