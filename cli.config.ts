import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import type { Options } from 'tsup';
import { commands } from './entries.config.ts';
import manifest from './package.json' with { type: 'json' };
import { PEERS } from './src/cli/peers.ts';

/** cli-table3 paints by this package, which the command line leaves to Node. */
const withoutColors: Plugin = {
  name: 'without-colors',
  setup(build) {
    build.onResolve({ filter: /^@colors\/colors/ }, ({ path }) => ({ path, namespace: 'none' }));
    build.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Writes the licenses of the packages that a build takes in, which ask for that. */
function licensesInto(file: string): Plugin {
  return {
    name: 'licenses',
    setup(build) {
      build.initialOptions.metafile = true;
      build.onEnd(({ metafile }) => {
        const inputs = Object.keys(metafile?.inputs ?? {});
        const folders = inputs.map(
          (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [],
        );
        const texts = [...new Set(folders.flat())].sort().map(licenseOf);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, texts.join(`\n${'-'.repeat(80)}\n\n`));
      });
    },
  };
}

/** @throws if the package has no license file */
function licenseOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as {
    name: string;
    version: string;
  };
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no license file`);
  return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
}

const common: Options = {
  format: ['esm'],
  target: 'node22',
  platform: 'node',
  splitting: true,
  removeNodeProtocol: false,
  clean: false,
};

/** A program of Node, which uses the package as its users do. */
const program: Options = {
  ...common,
  entry: Object.fromEntries(commands.map(({ output, source }) => [output, source])),
  // The package itself, and the clients that a user has.
  external: [/^keywright(?:\/|$)/, 'pg', 'mysql2', 'redis'],
  noExternal: ['commander', 'cli-table3', 'csv-parse'],
  esbuildPlugins: [withoutColors, licensesInto('dist/cli/licenses.txt')],
};

/** The packages that the command line brings along. */
const peers: Options = {
  ...common,
  entry: Object.fromEntries(
    Object.entries(PEERS).map(([specifier, output]) => [
      `cli/peers/${output}`,
      fileURLToPath(import.meta.resolve(specifier)),
    ]),
  ),
  minify: true,
  external: Object.keys(manifest.dependencies),
  noExternal: Object.keys(PEERS),
  esbuildPlugins: [licensesInto('dist/cli/peers/licenses.txt')],
};

/** The builds of the command line. */
export const commandLine: readonly Options[] = [program, peers];
