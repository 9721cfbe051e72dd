// A mirrored queue where nothing goes wrong: the same for every policy of mirrors.
import type { ScenarioInputOf } from '../../harness/scenario/input.ts';
import { defineScenario } from '../../harness/scenario/define-scenario.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import { atRest, sound } from '../contracts.ts';

type Policy = Pick<ScenarioInputOf<'rabbitmq'>, 'name' | 'title' | 'cluster' | 'only' | 'destination' | 'producer' | 'sources'>;

export const mirroredBaseline = (policy: Policy): Scenario => defineScenario({
  ...policy,
  tags: ['rabbitmq', 'full', 'mirrored', 'baseline'],
  steady: { attempted: 200, elapsedMs: 10_000 },
  steps: [{ wait: { attempted: 1_000, elapsedMs: 15_000 } }],
  contract: { ...sound, ...atRest },
});
