import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { dashboardForVite } from './dashboard.config.ts';
import { entries } from './entries.config.ts';

/** With `KEYWRIGHT_DIST=1` the same suite runs on the built package instead of the sources. */
const built = process.env.KEYWRIGHT_DIST === '1';

export default defineConfig({
  plugins: [dashboardForVite],
  resolve: {
    alias: entries.map(({ specifier, output, source }) => ({
      find: new RegExp(`^${specifier}$`),
      replacement: fileURLToPath(
        new URL(built ? `./dist/${output}.js` : `./${source}`, import.meta.url),
      ),
    })),
  },
  test: {
    include: ['test/**/*.test.ts', 'docs/examples/**/*.test.ts'],
    // The packed tarball has a run of its own, `npm run test:package`, as it builds and installs.
    exclude: [
      ...configDefaults.exclude,
      'test/package/**',
      'test/bench/peers/**',
      'test/recipes/**',
      // They drive the built package in a browser: `npm run test:browser`.
      'test/management/browser/**',
      // They visit the built site: `npm run test:site`.
      'test/site/**',
    ],
    // Much of the suite waits for servers and timers, so the runner needs no core of its own: of two
    // cores, both do the suite in 6 minutes, one in 9.
    maxWorkers: availableParallelism(),
    // What hangs is to fail, and what is slow is not: a busy machine takes ten times as long.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    globalSetup: './test/servers/global-setup.ts',
    reporters: ['default', './test/reporter.ts'],
    typecheck: {
      enabled: true,
      include: ['test/**/*.test-d.ts'],
      tsconfig: built ? './tsconfig.dist.json' : './tsconfig.json',
    },
  },
});
