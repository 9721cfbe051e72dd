// A scenario as it may be written to disk and shown: secrets in client options, broker properties and files are hidden.
import { isSecretKey, redacted, redactText } from '../model/configuration.ts';
import type { Scenario } from '../model/scenario.ts';

/** Everything else is kept as it is, so that the redacted scenario is still a scenario. */
export const redactScenario = (scenario: Scenario): Scenario => redactValue(scenario) as Scenario;

function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, isSecretKey(key) && inner !== null ? redacted : redactValue(inner)]));
}
