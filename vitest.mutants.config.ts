import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The tests that mutants of the core must not survive: in process, and without servers. */
export default defineConfig({
  resolve: base.resolve ?? {},
  plugins: base.plugins ?? [],
  test: {
    include: [
      'test/*.test.ts',
      'test/{token,digest,http,service,rules,cache,rotation}/**/*.test.ts',
      'test/operators/identify-token.test.ts',
    ],
    // They read the project's files as text, which mutants change, or start a runner of their own.
    exclude: ['test/{architecture,lockfile,patterns,reporter}.test.ts'],
    testTimeout: 60_000,
    // Those that take the time: what counts the mutants takes most of it.
    testNamePattern: /^(?!.*takes bounded time to refuse)/,
  },
});
