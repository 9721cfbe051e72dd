// A plan and a scenario with nothing special about them, for tests to override.
import type { Plan, Scenario } from '../../model/scenario.ts';

export function scenarioOf(overrides: Partial<Scenario> = {}): Scenario {
  return {
    name: 'test/scenario',
    title: 'a scenario of a test',
    tags: [],
    twin: null,
    cluster: { broker: 'memory', version: 'embedded', nodes: 1, properties: {}, file: null, defects: {} },
    destination: { partitions: 1, settings: {} },
    producer: { driver: 'memory', program: null, count: 1, inFlight: 1, batch: 1, routing: 'explicit', keys: 100, ratePerSecond: null, resend: 'never', policy: {}, options: {} },
    consumer: { driver: 'memory', program: null, count: 1, start: 'steady', settle: 'after-processing', prefetch: 1, handlerMs: 0, refuse: null, policy: {}, options: {} },
    payloadBytes: 64,
    steady: { acknowledged: 1 },
    steps: [],
    contract: {},
    bounds: { provisionMs: 1_000, steadyMs: 1_000, stepMs: 1_000, healMs: 1_000, recoverMs: 1_000, drainMs: 1_000, auditMs: 1_000, teardownMs: 1_000 },
    only: null,
    conditions: [],
    sources: [],
    configuration: [],
    ...overrides,
  };
}

export const planOf = (scenario: Partial<Scenario> = {}): Plan => ({
  schema: 'leaderfall/plan@1',
  runId: 'test-run',
  runTag: '0123456789abcdef',
  seed: 'test',
  prng: 'mulberry32/1',
  scenario: scenarioOf(scenario),
  createdAt: '2026-01-01T00:00:00.000Z',
});
