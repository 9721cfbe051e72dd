import { expect, test } from 'vitest';
import { keyOf, toEnvironment, variableOf } from './environment.ts';
import { parseProperties } from './properties.ts';

test.each([
  ['log.retention.ms', 'KAFKA_LOG_RETENTION_MS'],
  ['listener.name.internal.scram-sha-256.sasl.jaas.config', 'KAFKA_LISTENER_NAME_INTERNAL_SCRAM___SHA___256_SASL_JAAS_CONFIG'],
  ['my_plugin.some_key', 'KAFKA_MY__PLUGIN_SOME__KEY'],
])('%s becomes %s and back, as the images map it', (key, variable) => {
  expect(variableOf(key)).toBe(variable);
  expect(keyOf(variable)).toBe(key);
});

test('what a variable cannot spell goes into the mounted file', () => {
  const { env, files } = toEnvironment(new Map([['num.io.threads', '4'], ['rsm.config.BucketName', 'a\\b'], ['a._b', '1'], ['opts', 'x']]));
  expect(env).toEqual({ KAFKA_NUM_IO_THREADS: '4' });
  expect(files.map(({ path }) => path)).toEqual(['/mnt/shared/config/server.properties']);
  expect(Object.fromEntries(parseProperties(files[0]?.content ?? ''))).toEqual({ 'rsm.config.BucketName': 'a\\b', 'a._b': '1', opts: 'x' });
});

test('a value with backslashes and line ends survives the properties file that the image writes from it', () => {
  const { env } = toEnvironment(new Map([['sasl.kerberos.principal.to.local.rules', 'RULE:[1:$1]s/\\..*//\nDEFAULT']]));
  const written = `x=${env['KAFKA_SASL_KERBEROS_PRINCIPAL_TO_LOCAL_RULES']}`;
  expect(parseProperties(written).get('x')).toBe('RULE:[1:$1]s/\\..*//\nDEFAULT');
});
