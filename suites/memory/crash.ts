// A server that keeps requests in its own process, and dies with them: the case that needs no container engine.
import type { ScenarioInput } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import { sound } from '../contracts.ts';

// One handler at 3 ms takes some 300 messages a second of the 600 that are offered, so a backlog stands in the queue when the process dies.
const shared = {
  tags: ['demo', 'full', 'memory', 'kill'],
  cluster: { broker: 'memory' },
  producer: { inFlight: 64, ratePerSecond: 600, resend: 'unknown', timeoutMs: 2_000 },
  consumer: { prefetch: 16, handlerMs: 3 },
  steady: { attempted: 150, elapsedMs: 10_000 },
  steps: [
    { wait: { attempted: 900, elapsedMs: 15_000 } },
    { inject: 'kill', target: { node: 'memory-1' } },
    { heal: 'kill' },
    { wait: { attempted: 300, elapsedMs: 10_000 } },
  ],
  sources: ['https://www.rabbitmq.com/docs/reliability'],
} as const satisfies Partial<ScenarioInput>;

/** "Accepted" means queued in memory: the queue is gone with the process, and nobody will send it again. */
export const answerOnAccept = defineScenario({
  ...shared,
  name: 'memory/answer-on-accept/crash',
  title: 'A server answers as soon as a request is queued, then its process is killed',
  twin: 'memory/answer-after-processing/crash',
  destination: { answer: 'on-accept' },
  contract: { ...sound, lost: 'required', stuck: 'forbidden', duplicated: 'allowed', reordered: 'allowed' },
  predicted: { lost: 'some 450 or more: of 600 that are offered in a second the handler takes at most 333, and what waits is gone' },
});

/** "Accepted" means done: what was still queued was never answered, so the client sends it again, some of it twice. */
export const answerAfterProcessing = defineScenario({
  ...shared,
  name: 'memory/answer-after-processing/crash',
  title: 'A server answers once a request is processed, then its process is killed and clients send again',
  twin: 'memory/answer-on-accept/crash',
  destination: { answer: 'after-processing' },
  contract: { ...sound, lost: 'forbidden', stuck: 'forbidden', duplicated: 'allowed', republished: 'allowed', reordered: 'allowed' },
  predicted: { lost: '0: what stood in the queue was never answered, and is sent again' },
});
