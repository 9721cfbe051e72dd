import { expect, test } from 'vitest';
import { isUnreachable } from './pull-image.ts';

test.each([
  'dial tcp: lookup registry.example on 10.0.0.1:53: no such host', 'connect: connection refused',
  'tls: failed to verify certificate', 'net/http: request canceled while waiting for connection', 'proxyconnect tcp: EOF',
])('no registry answered: %s', (reason) => expect(isUnreachable(reason)).toBe(true));

test.each([
  'manifest for rabbitmq:9 not found: manifest unknown', 'pull access denied for x, repository does not exist', 'toomanyrequests: rate limit',
  'no matching manifest for linux/riscv64',
])('the registry answered, for this image only: %s', (reason) => expect(isUnreachable(reason)).toBe(false));
