import type { KnipConfig } from 'knip';
import { commands, conditionals, entries } from './entries.config.ts';

const config: KnipConfig = {
  entry: [
    ...entries.map(({ source }) => `${source}!`),
    ...commands.map(({ source }) => `${source}!`),
    ...conditionals.flatMap(({ choices }) => choices.map(({ source }) => `${source}!`)),
    // Loaded by `node --import`, in processes that tests start.
    'test/docs/resolve-keywright.ts',
    // Chosen by name on the command line of test/fleet/run.ts.
    'test/fleet/lists/*.ts',
    // Run by other runtimes and other test runners than the project's own.
    'test/runtimes/{process,worker}.ts',
    'docs/examples/testing/*.ts',
    // Read by VitePress.
    'docs/.vitepress/{config,theme/index}.ts',
    'vitest.mutants.config.ts',
    'test/**/*.test-d.ts',
  ],
  ignoreBinaries: ['script', 'sha256sum'],
  // Projects of their own, compiled or run where they are installed.
  ignore: ['test/bench/peers/**', 'test/package/consumer/**', 'test/recipes/apps/**'],
  ignoreDependencies: [
    'rate-limiter-flexible', // imported by a snippet of docs/guide/recipes/rate-limit.md alone
    'nodemailer', // imported by docs/guide/recipes/expiry-mails.md alone, with its types
    '@types/nodemailer',
    'bcryptjs', // imported by the snippet of docs/guide/migrating/bcrypt.md alone
  ],
  typedoc: { config: ['typedoc.config.ts'] },
  prisma: false, // no schema of Prisma's is in the tree
  project: [
    'src/**/*.ts!',
    'test/**/*.ts',
    'docs/examples/**/*.ts',
    'docs/.vitepress/**/*.ts',
    '*.config.ts',
  ],
};

export default config;
