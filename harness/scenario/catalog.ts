// The scenarios that can be run by name, and the choice among them: a twin always comes along.
import picomatch from 'picomatch';
import { LeaderfallError } from '../model/errors.ts';
import type { Scenario } from '../model/scenario.ts';
import { inClusterOrder } from './families.ts';
import { didYouMean } from './problem.ts';

interface SelectOptions {
  /** Only scenarios with all of these tags. */
  readonly tags?: readonly string[];
  /** Default true. False is for listings: a safe result without its twin proves nothing. */
  readonly withTwins?: boolean;
}

export interface Catalog {
  readonly scenarios: readonly Scenario[];
  /**
   * Names and globs (`kafka/**`); none means all. Scenarios that can share a cluster are neighbours in the result, and twins among them.
   * @throws LeaderfallError `E_SCENARIO_UNKNOWN` for a pattern that matches nothing, or a twin that is not there.
   */
  select(patterns: readonly string[], options?: SelectOptions): readonly Scenario[];
}

/** @throws LeaderfallError `E_SCENARIO_INVALID` when two scenarios have one name. */
export function createCatalog(scenarios: readonly Scenario[]): Catalog {
  const byName = new Map<string, Scenario>();
  for (const scenario of scenarios) {
    if (byName.has(scenario.name)) throw new LeaderfallError('E_SCENARIO_INVALID', `Two scenarios are called "${scenario.name}"`, { hint: 'Give one of them another name.' });
    byName.set(scenario.name, scenario);
  }
  return {
    scenarios,
    select(patterns, { tags = [], withTwins = true } = {}) {
      const chosen = [...new Set(patterns.length === 0 ? scenarios : patterns.flatMap((pattern) => matching(pattern, byName)))];
      const tagged = chosen.filter((scenario) => tags.every((tag) => scenario.tags.includes(tag)));
      if (tagged.length === 0) throw nothingTagged(tags, scenarios);
      return inClusterOrder(withTwins ? addTwins(tagged, byName) : tagged);
    },
  };
}

function matching(pattern: string, byName: ReadonlyMap<string, Scenario>): readonly Scenario[] {
  const exact = byName.get(pattern);
  if (exact !== undefined) return [exact];
  const isMatch = picomatch(pattern.endsWith('/*') ? `${pattern}*/**` : pattern);
  const found = [...byName.values()].filter(({ name }) => isMatch(name));
  if (found.length > 0) return found;
  const names = [...byName.keys()];
  throw new LeaderfallError('E_SCENARIO_UNKNOWN', `No scenario is called or matches "${pattern}"${didYouMean(pattern, names)}`, { hint: '`npx leaderfall list` names them all; a glob such as \'kafka/*\' chooses several.' });
}

function nothingTagged(tags: readonly string[], scenarios: readonly Scenario[]): LeaderfallError {
  const known = [...new Set(scenarios.flatMap((scenario) => scenario.tags))];
  const suggestion = tags.map((tag) => (known.includes(tag) ? '' : didYouMean(tag, known))).join('');
  return new LeaderfallError('E_SCENARIO_UNKNOWN', `No scenario of the choice has the ${tags.length === 1 ? 'tag' : 'tags'} ${tags.join(', ')}${suggestion}`, { hint: `Tags in use: ${known.join(', ') || 'none'}.` });
}

/** The pair is judged together, whichever of the two names the other. */
function addTwins(chosen: readonly Scenario[], byName: ReadonlyMap<string, Scenario>): readonly Scenario[] {
  const wanted = new Set(chosen);
  for (const scenario of wanted) {
    for (const twin of twinsOf(scenario, byName)) wanted.add(twin);
  }
  return [...wanted];
}

function twinsOf({ name, twin }: Scenario, byName: ReadonlyMap<string, Scenario>): readonly Scenario[] {
  const named = twin === null ? undefined : byName.get(twin);
  if (twin !== null && named === undefined) {
    throw new LeaderfallError('E_SCENARIO_UNKNOWN', `The twin of "${name}" does not exist: "${twin}"${didYouMean(twin, [...byName.keys()])}`, { hint: 'Give the file with the twin as well, or take `twin` out.' });
  }
  // One that names its own twin has its partner; others may compare themselves with it, and it needs none of them.
  return named === undefined ? [...byName.values()].filter((other) => other.twin === name) : [named];
}
