import { defineConfig } from 'vitest/config';

const shared = { retry: 0, testTimeout: 20_000, passWithNoTests: true } as const;
const serial = { pool: 'forks', fileParallelism: false, isolate: false, globalSetup: 'tests/engine-setup.ts' } as const;

export default defineConfig({
  test: {
    reporters: ['default', './tests/count-reporter.ts'],
    projects: [
      { test: { ...shared, sequence: { groupOrder: 0 }, globalSetup: 'tests/browser-setup.ts', name: 'unit', include: ['{harness,reports,suites,docker}/**/*.test.ts', 'tests/unit/**/*.test.ts'], exclude: ['**/*.engine.test.ts', '**/*.cluster.test.ts'] } },
      { test: { ...shared, ...serial, sequence: { groupOrder: 1 }, name: 'engine', include: ['**/*.engine.test.ts'], exclude: ['node_modules/**', 'reports/runs/**'], testTimeout: 300_000, hookTimeout: 300_000 } },
      { test: { ...shared, ...serial, sequence: { groupOrder: 2 }, name: 'cluster', include: ['**/*.cluster.test.ts'], exclude: ['node_modules/**', 'reports/runs/**'], testTimeout: 600_000, hookTimeout: 600_000 } },
    ],
  },
});
