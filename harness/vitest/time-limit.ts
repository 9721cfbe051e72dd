// Vitest's limit for a test against what a run needs: told at once where it cannot work, and in words where it ran out.
import type { BrokerName } from '../model/cluster.ts';
import { LeaderfallError } from '../model/errors.ts';

/** No scenario ends sooner: it starts processes, and waits until traffic has flowed. Vitest's own default of 5 s is less. */
const leastMs: Readonly<Record<BrokerName, number>> = { memory: 8_000, kafka: 20_000, rabbitmq: 20_000 };

/** Ends before Vitest's own limit, whose error could only say how long it was. */
const headStartMs = 500;

const advice = (timeoutMs: number): string => `Give it more: test(name, { timeout: ${timeoutMs.toLocaleString('en').replaceAll(',', '_')} }, …), or testTimeout in the Vitest configuration.`;

const advisedMs = (broker: BrokerName): number => (broker === 'memory' ? 60_000 : 180_000);

/** @param timeoutMs the test's limit; 0: none. @throws `E_USAGE` where nothing could be done in that time. */
export function requireTime(timeoutMs: number, broker: BrokerName, what: string): void {
  if (timeoutMs <= 0 || timeoutMs >= leastMs[broker]) return;
  throw new LeaderfallError('E_USAGE', `${what} on ${broker} cannot end within this test's limit of ${timeoutMs} ms`, { hint: advice(advisedMs(broker)) });
}

export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
}

/** Aborts shortly before the test's own limit does. @param doing what the test was at, when it did. */
export function limitTime(timeoutMs: number, startedAt: number, broker: BrokerName, doing: () => string): TimeLimit {
  const controller = new AbortController();
  if (timeoutMs <= 0 || !Number.isFinite(timeoutMs)) return { signal: controller.signal, [Symbol.dispose]: () => {} };
  const late = (): void => {
    controller.abort(new LeaderfallError('E_TIMEOUT', `The test's limit of ${timeoutMs} ms is over: ${doing()}`, { hint: advice(Math.max(advisedMs(broker), timeoutMs * 2)) }));
  };
  const timer = setTimeout(late, Math.max(0, startedAt + timeoutMs - headStartMs - Date.now()));
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}
