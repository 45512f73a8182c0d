import { defineConfig } from 'vitest/config';

/** Processes and files, no browser: long, and two at a time. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/helper/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
