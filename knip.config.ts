import type { KnipConfig } from 'knip';
import { conditionals, entries } from './entries.config.ts';

const config: KnipConfig = {
  entry: [
    ...entries.map(({ source }) => `${source}!`),
    ...conditionals.flatMap(({ choices }) => choices.map(({ source }) => `${source}!`)),
    // Loaded by `node --import`, in processes that tests start.
    'test/docs/resolve-keywright.ts',
    // Run by other runtimes and other test runners than the project's own.
    'test/runtimes/{process,worker}.ts',
    'docs/examples/testing/*.ts',
    'vitest.mutants.config.ts',
    'test/**/*.test-d.ts',
  ],
  ignoreBinaries: ['sha256sum'],
  ignore: ['test/bench/peers/**', 'test/recipes/apps/**'],
  ignoreDependencies: [
    'drizzle-orm', // imported by the snippets of docs/guide/sql.md alone
    '@prisma/client', // imported by what Prisma generates in test/stores/postgres-prisma.test.ts
  ],
  prisma: false, // no schema of Prisma's is in the tree
  project: ['src/**/*.ts!', 'test/**/*.ts', 'docs/examples/**/*.ts', '*.config.ts'],
};

export default config;
