import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { entries } from '../../../entries.config.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const FLOWS = 'test/management/browser/*.test.ts';
const SPEED = 'test/management/browser/speed.test.ts';

/** The dashboard of the built package, in a browser. */
export default defineConfig({
  root,
  resolve: {
    alias: entries.map(({ specifier, output }) => ({
      find: new RegExp(`^${specifier}$`),
      replacement: `${root}dist/${output}.js`,
    })),
  },
  test: {
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    globalSetup: ['./test/servers/global-setup.ts', './test/management/browser/global-setup.ts'],
    // What is measured is measured alone, before the rest.
    projects: [
      project('speed', { include: [SPEED], sequence: { groupOrder: 0 } }),
      project('flows', { include: [FLOWS], exclude: [SPEED], sequence: { groupOrder: 1 } }),
    ],
  },
});

function project(name: string, test: TestProjectInlineConfiguration['test']) {
  return { extends: true, test: { name, ...test } } as const;
}
