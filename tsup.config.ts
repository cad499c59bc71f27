import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { defineConfig, type Options } from 'tsup';
import { dashboardForEsbuild, litForAnywhere } from './dashboard.config.ts';
import { conditionals, entries } from './entries.config.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const sources = new Set(entries.map(({ source }) => resolve(root, source)));
const conditional = new Map(
  conditionals.map(({ specifier, fallback }) => [resolve(root, fallback.source), specifier]),
);

/**
 * Keeps the core in one chunk. Left to itself, the bundler makes a chunk of each set of modules that
 * the same entries share: sixteen of them for the core, and a file costs 1 ms to import.
 */
const oneCore: Plugin = {
  name: 'one-core',
  setup(build) {
    // Seen as having effects, the modules that an entry reaches belong to it whether used or not.
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, kind, resolveDir }) => {
      const external =
        kind === 'entry-point' ? undefined : conditional.get(resolve(resolveDir, path));
      if (external !== undefined) return { path: external, external: true };
      return { path: resolve(resolveDir, path), sideEffects: true };
    });
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!sources.has(path)) return undefined;
      const text = await readFile(path, 'utf8');
      const core = `./${relative(dirname(path), resolve(root, 'src/index.ts'))}`;
      return { contents: `${text}\nimport ${JSON.stringify(core)};`, loader: 'ts' };
    });
  },
};

/** For browsers: it shares no module with the rest, and must not bring the core along. */
const isDashboard = ({ output }: { output: string }) => output.startsWith('management/dashboard/');

const published = outputsOf(entries.filter((entry) => !isDashboard(entry)));
const dashboard = outputsOf(entries.filter(isDashboard));
const internal = outputsOf(conditionals.flatMap(({ choices }) => choices));

function outputsOf(modules: readonly { output: string; source: string }[]): Record<string, string> {
  return Object.fromEntries(modules.map(({ output, source }) => [output, source]));
}

const common: Options = {
  format: ['esm', 'cjs'],
  target: 'es2023',
  platform: 'neutral',
  clean: false,
};

export default defineConfig(({ clean = true }) => {
  // Not left to the two builds, which run at once: each would take away what the other has written.
  if (clean) rmSync(`${root}dist`, { recursive: true, force: true });
  return [
    {
      ...common,
      entry: { ...published, ...internal },
      // The default strips `node:` from imports, which runtimes other than Node require.
      removeNodeProtocol: false,
      // Without it every CommonJS entry would hold its own copy of the modules they share.
      splitting: true,
      esbuildPlugins: [oneCore, dashboardForEsbuild],
      dts: { entry: published },
    },
    {
      ...common,
      entry: dashboard,
      esbuildPlugins: [litForAnywhere],
      dts: { entry: dashboard, compilerOptions: { lib: ['ES2024', 'DOM', 'DOM.Iterable'] } },
    },
  ];
});
