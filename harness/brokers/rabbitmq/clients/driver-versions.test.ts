import { expect, test } from 'vitest';
import { driverVersions } from './driver-versions.ts';

test('both drivers are named with the version that is installed', () => {
  const versions = driverVersions();
  expect(Object.keys(versions)).toEqual(['amqplib', 'rabbitmq-client']);
  for (const version of Object.values(versions)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
});
