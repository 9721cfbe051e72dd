// `--broker-version kafka=3.9,4.1`: which versions of which broker the chosen scenarios are run on.
import type { BrokerName } from '../model/cluster.ts';
import { LeaderfallError } from '../model/errors.ts';
import { brokerSpecs } from '../scenario/broker-specs.ts';
import { didYouMean } from '../scenario/problem.ts';
import type { BrokerVersions } from '../scenario/version-matrix.ts';

const example = 'For example: --broker-version kafka=3.9,4.1';

/**
 * @param given each value of the flag; one broker given twice gets the versions of both.
 * @throws LeaderfallError `E_USAGE` with what is allowed.
 */
export function parseBrokerVersions(given: readonly string[]): BrokerVersions {
  const versions = new Map<BrokerName, readonly string[]>();
  for (const text of given) {
    const [, name, list] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || list === undefined) throw new LeaderfallError('E_USAGE', `--broker-version takes broker=version,…, not "${text}"`, { hint: example });
    const spec = brokerSpecs.find((each) => each.name === name);
    const names = brokerSpecs.map((each) => each.name);
    if (spec === undefined) throw new LeaderfallError('E_USAGE', `There is no broker "${name}"${didYouMean(name, names)}`, { hint: `Brokers: ${names.join(', ')}. ${example}` });
    for (const version of list.split(',')) if (!spec.versions.includes(version)) throw unknownVersion(spec.name, version, spec.versions);
    versions.set(spec.name, [...new Set([...(versions.get(spec.name) ?? []), ...list.split(',')])]);
  }
  return versions;
}

function unknownVersion(broker: string, version: string, versions: readonly string[]): LeaderfallError {
  const near = versions.find((each) => version.startsWith(`${each}.`)) ?? versions.find((each) => version !== '' && each.startsWith(`${version}.`));
  return new LeaderfallError('E_USAGE', `There is no version "${version}" of ${broker} here${near === undefined ? '' : `; did you mean "${near}"?`}`, { hint: `Allowed: ${versions.join(', ')}.` });
}
