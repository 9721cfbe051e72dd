import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Files in examples/ import the package by its name, as its users do. */
const alias = { 'leaderfall/vitest': fileURLToPath(new URL('harness/vitest/index.ts', import.meta.url)), leaderfall: fileURLToPath(new URL('harness/index.ts', import.meta.url)) };
const shared = { retry: 0, testTimeout: 20_000, passWithNoTests: true, alias } as const;
const serial = { pool: 'forks', fileParallelism: false, isolate: false, globalSetup: 'tests/engine-setup.ts' } as const;

export default defineConfig({
  test: {
    reporters: ['default', './tests/count-reporter.ts'],
    projects: [
      { test: { ...shared, sequence: { groupOrder: 0 }, globalSetup: 'tests/browser-setup.ts', name: 'unit', include: ['{harness,reports,suites,docker,examples}/**/*.test.ts', 'tests/{unit,package,examples,docs}/**/*.test.ts'], exclude: ['**/*.engine.test.ts', '**/*.cluster.test.ts', '**/node_modules/**', '**/venv/**'] } },
      { test: { ...shared, ...serial, sequence: { groupOrder: 1 }, name: 'engine', include: ['**/*.engine.test.ts'], exclude: ['node_modules/**', 'reports/runs/**'], testTimeout: 300_000, hookTimeout: 300_000 } },
      { test: { ...shared, ...serial, sequence: { groupOrder: 2 }, name: 'cluster', include: ['**/*.cluster.test.ts'], exclude: ['node_modules/**', 'reports/runs/**'], testTimeout: 600_000, hookTimeout: 600_000 } },
    ],
  },
});
