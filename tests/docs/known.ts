// What is not executed, each with the reason. Whatever is neither here nor executed fails the tests.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './blocks.ts';
import type { Call } from './shell.ts';

/** Languages whose blocks stand for themselves. Every other one has a test of its own, or fails. */
export const standingKinds: Readonly<Record<string, string>> = {
  '': 'output, or a figure',
  sql: 'shows examples/data/recount.sql, which the recount tests run',
  python: 'shows a file of examples/data, which the recount tests run',
  'json to-program': 'lines of the protocol, which the tests of the worker room parse',
  'json from-program': 'lines of the protocol, which the tests of the worker room parse',
};

/** Commands of ours that are read by the command line and not carried out. */
export const onlyRead: readonly { readonly when: (words: readonly string[]) => boolean; readonly because: string }[] = [
  { when: ([command, ...rest]) => command === 'doctor' && rest.includes('--fix'), because: 'it installs what the machine lacks' },
];

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> };

interface Other {
  readonly call: RegExp;
  readonly because: string;
  /** What can be said of it without starting it. */
  readonly holds?: (call: Call) => boolean;
}

/** Programs of others. */
export const others: readonly Other[] = [
  { call: /^npm (ci|install --save-dev leaderfall vitest)$/, because: 'it asks a registry; tests/package installs the packed tarball without one' },
  { call: /^npm run \w+$/, because: 'it starts clusters, or this test itself', holds: ([, , name = '']) => name in scripts },
  { call: /^npm test$/, because: 'it is this test', holds: () => 'test' in scripts },
  { call: /^npx vitest run orders\.test\.ts$/, because: 'it starts a cluster; the snippet is type-checked, and examples/vitest runs ones like it' },
  { call: /^git add /, because: 'there is no repository; init says which files it wrote' },
  { call: /^mkdir -p baseline$|^cp baseline-new\/suite\.json baseline\/$/, because: 'the run before it was only planned' },
  { call: /^examples\/\w+\/setup\.sh$/, because: 'it fetches packages; tests/examples runs it', holds: ([file]) => existsSync(join(root, file)) },
  { call: /^examples\/data\/\.venv\/bin\/python examples\/data\/\w+\.py /, because: 'tests/examples runs it on runs of its own', holds: ([, script = '']) => existsSync(join(root, script)) },
];

/** Parts of a scenario, by their first line: what completes them. The page's own words say where they belong. */
export const fragments: Readonly<Record<string, string>> = {
  'steps:': 'name: a\ncluster: { broker: kafka }\ncontract: at-least-once\n',
  'only: { versions: [3.10], because: "mirrored classic queues were removed in RabbitMQ 4.0" }': 'name: a\ncluster: { broker: rabbitmq }\nsteps: [{ wait: { elapsedMs: 1 } }]\ncontract: at-least-once\n',
  'producer:': 'name: a\ncluster: { broker: rabbitmq }\nsteps: [{ wait: { elapsedMs: 1 } }]\ncontract: at-least-once\n',
};
