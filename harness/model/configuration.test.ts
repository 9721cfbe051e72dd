import { expect, test } from 'vitest';
import { isSecretKey, redacted, redactSetting, redactText } from './configuration.ts';

test.each([
  ['a line of rabbitmq.conf', 'vm = 1\ndefault_pass = s3cr3t\nlisteners.tcp.default = 5672'],
  ['a value with spaces in a properties file', 'ssl.keystore.password=s3cr3t with spaces s3cr3t'],
  ['a JAAS line', 'sasl.jaas.config=org.example.Login required username="u" password="s3cr3t";'],
  ['JSON', '{"user":"u","password":"s3cr3t"}'],
  ['a URL', 'amqp://user:s3cr3t@host:5672/vhost'],
  ['a sentence of a log', 'login failed: password=s3cr3t, user=u'],
  ['a JAAS entry over several lines', 'listener.jaas.config=org.example.Login required \\\n  user_admin="s3cr3t" \\\n  user_alice="s3cr3t";\nnum.io.threads=4'],
  ['a private key', 'ssl.key=-----BEGIN PRIVATE KEY-----\ns3cr3t\n-----END PRIVATE KEY-----'],
  ['a slash in the password of a URL', 'amqp://u:s3cr/s3cr3t@host'],
  ['an authorization header', 'Authorization: Bearer s3cr3ts3cr3t'],
  ['a quoted token', "token: 's3cr3t'"],
])('%s is redacted', (_, text) => {
  expect(redactText(text)).not.toContain('s3cr3t');
  expect(redactText(text)).toContain(redacted);
});

test('what is not secret stays, line by line', () => {
  const text = 'num.io.threads=4\nqueue_master_locator = min-masters\n[error] no setting with that name: compass.bearing 4';
  expect(redactText(text)).toBe(text);
  expect(redactText('default_pass = x\nnum.io.threads=4')).toBe(`default_pass = ${redacted}\nnum.io.threads=4`);
});

test('redacting twice changes nothing more', () => {
  const once = redactText('default_pass = a b\nurl=amqp://u:p@h');
  expect(redactText(once)).toBe(once);
});

test('a setting is hidden by its key, whatever it looks like', () => {
  expect(redactSetting('sasl.jaas.config', 'anything')).toBe(redacted);
  expect(isSecretKey('ssl.key.password')).toBe(true);
  expect(isSecretKey('num.partitions')).toBe(false);
});
