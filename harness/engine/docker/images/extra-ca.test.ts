import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { selectExtraAuthorities } from './extra-ca.ts';

const [first = '', second = '', third = ''] = rootCertificates;
const fingerprint = (pem: string): string => new X509Certificate(pem).fingerprint256;
const fingerprints = (pems: readonly string[]): string[] => pems.map(fingerprint).toSorted();
const now = new Date();

test('only authorities that are not known are taken, each once, from any number of bundles', () => {
  const extra = selectExtraAuthorities([`${first}\n# a comment\n${second}`, `${second}\n${third}`], new Set([fingerprint(first)]), now);
  expect(fingerprints(extra)).toEqual(fingerprints([second, third]));
});

test('an unreadable block spoils nothing, and empty files count as none', () => {
  const broken = '-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----';
  expect(selectExtraAuthorities([broken, '', second], new Set(), now).map(fingerprint)).toEqual([fingerprint(second)]);
});

test('an expired authority is left out', () => {
  const later = new Date(new X509Certificate(second).validToDate.getTime() + 1);
  expect(selectExtraAuthorities([second], new Set(), later)).toEqual([]);
});

test('a server\'s own certificate is no authority', () => {
  const pem = execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
    '-subj', '/CN=server', '-addext', 'basicConstraints=critical,CA:FALSE', '-keyout', '/dev/null'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  expect(selectExtraAuthorities([pem], new Set(), now)).toEqual([]);
});
