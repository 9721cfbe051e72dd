import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { BrokerName } from '../model/cluster.ts';

/** The packages that are loaded by what every worker loads before it knows its driver, in a process of its own. */
async function packagesOfWorker(broker: BrokerName): Promise<readonly string[]> {
  const script = `
    import { registerHooks } from 'node:module';
    const packages = new Set();
    registerHooks({
      load: (url, context, next) => {
        const [, name] = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url) ?? [];
        if (name !== undefined) packages.add(name);
        return next(url, context);
      },
    });
    await import(${JSON.stringify(new URL('./worker-main.ts', import.meta.url).href)});
    const { loadBroker } = await import(${JSON.stringify(new URL('./brokers.ts', import.meta.url).href)});
    await loadBroker(${JSON.stringify(broker)});
    process.stdout.write(JSON.stringify([...packages].sort()));
    process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return JSON.parse(stdout) as readonly string[];
}

test.each<BrokerName>(['memory', 'kafka', 'rabbitmq'])('a worker of %s loads neither the engine nor a driver that its scenario does not name', async (broker) => {
  const ofItsOwn = broker === 'memory' ? ['is-network-error', 'p-retry'] : [];
  expect(await packagesOfWorker(broker)).toEqual([...ofItsOwn, 'zod']);
});
