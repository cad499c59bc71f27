import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { dashboardForVite } from '../../dashboard.config.ts';

export default defineConfig({
  plugins: [dashboardForVite],
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/package/*.test.ts'],
    globalSetup: './test/package/consumers.ts',
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
