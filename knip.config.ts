import type { KnipConfig } from 'knip';
import { conditionals, entries } from './entries.config.ts';

const config: KnipConfig = {
  entry: [
    ...entries.map(({ source }) => `${source}!`),
    ...conditionals.flatMap(({ choices }) => choices.map(({ source }) => `${source}!`)),
    // Loaded by `node --import`, in processes that tests start.
    'test/docs/resolve-keywright.ts',
    'test/**/*.test-d.ts',
  ],
  ignoreBinaries: ['sha256sum'],
  // Imported by the snippets of docs/guide/sql.md alone.
  ignoreDependencies: ['drizzle-orm'],
  project: ['src/**/*.ts!', 'test/**/*.ts', 'docs/examples/**/*.ts', '*.config.ts'],
};

export default config;
