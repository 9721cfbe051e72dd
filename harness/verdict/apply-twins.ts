// Every safe policy has an unsafe twin that must lose under the same fault. If the twin shows nothing, the fault had no
// power, and what the safe run upheld proves nothing.
import { isUnsafeBeside } from '../model/clause.ts';
import type { Judgement } from '../model/contract.ts';
import type { RunRecord } from '../model/run-record.ts';
import { differingFields, isOneDifference } from '../model/twin-difference.ts';

/**
 * Changes judgements only of runs whose twin is among the runs, on the same version of the broker. Of several repetitions those with
 * the same number are a pair.
 */
export function applyTwins(runs: readonly RunRecord[]): readonly RunRecord[] {
  return runs.map((run) => {
    const twins = twinsOf(run, runs);
    return twins.length === 0 ? run : { ...run, judgement: withPower(run, twins) };
  });
}

/** Either side may name the other. The same repetition where there is one, otherwise all; never another version, for what one loses another may keep. */
function twinsOf(run: RunRecord, runs: readonly RunRecord[]): readonly RunRecord[] {
  const { name, twin, cluster } = run.scenario;
  const unsafe = runs.filter((other) => other.scenario.cluster.version === cluster.version && isUnsafeBeside(other.scenario.contract, run.scenario.contract) && (other.scenario.name === twin || other.scenario.twin === name));
  const same = unsafe.filter(({ repetition }) => repetition === run.repetition);
  return same.length > 0 ? same : unsafe;
}

const namedFields = 4;

/** Empty where they are twins indeed: then what one shows and the other does not is that field's doing. */
function moreThanOneDifference({ scenario }: RunRecord, twin: RunRecord): string {
  const fields = differingFields(scenario, twin.scenario);
  if (fields.length === 0 || isOneDifference(fields)) return '';
  const more = fields.length > namedFields ? ` and ${fields.length - namedFields} more` : '';
  return ` (but the two differ in more than one field of a policy, so that it may be due to another: ${fields.slice(0, namedFields).join(', ')}${more})`;
}

function withPower(run: RunRecord, twins: readonly RunRecord[]): Judgement {
  const { judgement } = run;
  const twin = twins[0]!.scenario.name;
  const powerless = twins.find((candidate) => candidate.judgement.verdict !== 'upheld');
  if (powerless === undefined) {
    return { ...judgement, power: { twin, state: 'shown', detail: `the same fault under ${twin}: ${lowerFirst(twins[0]!.judgement.sentence)}${moreThanOneDifference(run, twins[0]!)}` } };
  }
  const detail = `${twin} is ${powerless.judgement.verdict}: ${lowerFirst(powerless.judgement.sentence.replace(/^Inconclusive: /, ''))}`;
  const power: Judgement['power'] = { twin, state: 'not-shown', detail };
  if (judgement.verdict !== 'upheld') return { ...judgement, power };
  return { ...judgement, power, verdict: 'inconclusive', sentence: `Inconclusive: the fault's power was not shown, for its twin ${detail}` };
}

/** Leaves names such as `kafka-1` and acronyms alone. */
const lowerFirst = (text: string): string => (/^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text);
