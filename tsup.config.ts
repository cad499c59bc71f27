import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { defineConfig, type Options } from 'tsup';
import { commandLine } from './cli.config.ts';
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

/**
 * Imports Kysely through a module of its own. Where it is not installed, the error of the runtime ends
 * with the name of that module, which is the remedy.
 */
const namedKysely: Plugin = {
  name: 'named-kysely',
  setup(build) {
    build.onResolve({ filter: /^kysely$/ }, ({ path, importer }) => ({
      path: conditional.has(importer) ? path : '#kysely',
      external: true,
    }));
  },
};

/** What csv-stringify asks whether its options are: not every runtime has buffers, and ours are strings. */
const NO_BUFFER = 'const Buffer = { from: () => undefined, isBuffer: () => false };';

/** Packages that the handler holds a copy of. Their licences want their notices in every copy. */
const licensed: Plugin = {
  name: 'licensed',
  setup(build) {
    build.onLoad({ filter: /\/node_modules\/(?:csv-stringify|marked)\// }, async ({ path }) => {
      const [, name] = /node_modules\/([\w-]+)/.exec(path) ?? [];
      const text = await readFile(path, 'utf8');
      const licence = await readFile(`${root}node_modules/${name}/LICENSE`, 'utf8');
      const start = name === 'marked' ? '' : `${NO_BUFFER}\n`;
      return { contents: `/*! ${name}\n\n${licence}*/\n${start}${text}`, loader: 'js' };
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
      // Left to the plugin; as a dependency of consumers it would be external under its own name.
      noExternal: ['kysely'],
      esbuildPlugins: [oneCore, namedKysely, licensed, dashboardForEsbuild],
      dts: { entry: published },
    },
    ...commandLine,
    {
      ...common,
      entry: dashboard,
      esbuildPlugins: [litForAnywhere],
      dts: { entry: dashboard, compilerOptions: { lib: ['ES2024', 'DOM', 'DOM.Iterable'] } },
    },
  ];
});
