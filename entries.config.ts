import manifest from './package.json' with { type: 'json' };

/** One subpath of the package, as `exports` in package.json declares it. */
export interface Entry {
  /** What a consumer imports, such as `keywright/fetch`. */
  specifier: string;
  /** The built file without its extension, relative to `dist`, such as `guards/fetch`. */
  output: string;
  /** The module it is built from, relative to the project, such as `src/guards/fetch.ts`. */
  source: string;
}

/** Every subpath that holds code. A new one is added in package.json and nowhere else. */
export const entries: Entry[] = Object.entries(manifest.exports).flatMap(([subpath, target]) => {
  if (typeof target === 'string') return [];
  const output = target.import.default.replace(/^\.\/dist\/(.+)\.js$/, '$1');
  return [{ specifier: subpath.replace('.', manifest.name), output, source: `src/${output}.ts` }];
});
