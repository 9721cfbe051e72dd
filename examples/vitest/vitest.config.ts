import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // A scenario on three containers takes most of a minute, and more where machines are slow.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
    // All files one after the other in one process: they share one cluster, and do not spoil each other's times.
    fileParallelism: false,
    isolate: false,
    // A violated run is a violated run: trying again until it is green would hide it.
    retry: 0,
  },
});
