import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The tests that mutants of the core must not survive: in process, and without servers. */
export default defineConfig({
  resolve: base.resolve ?? {},
  plugins: base.plugins ?? [],
  test: {
    include: ['test/*.test.ts', 'test/{token,digest,http,service,rotation}/**/*.test.ts'],
    exclude: ['test/{architecture,lockfile,reporter}.test.ts'],
    testTimeout: 60_000,
    // Those that take the time: what counts the mutants takes most of it.
    testNamePattern: /^(?!.*is refused in a time that is bounded)/,
  },
});
