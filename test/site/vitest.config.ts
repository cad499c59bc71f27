import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The built site of `npm run docs`, in a browser. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/site/*.test.ts'],
    globalSetup: './test/site/global-setup.ts',
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
