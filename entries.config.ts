import manifest from './package.json' with { type: 'json' };

/** One module of the build. */
interface Built {
  /** The built file without its extension, relative to `dist`, such as `guards/fetch`. */
  output: string;
  /** The module it is built from, relative to the project, such as `src/guards/fetch.ts`. */
  source: string;
}

/** One subpath of the package, as `exports` in package.json declares it. */
export interface Entry extends Built {
  /** What a consumer imports, such as `keywright/fetch`. */
  specifier: string;
}

/** A module that has a stand-in under some conditions, as `imports` in package.json declares it. */
export interface Conditional {
  /** What the build imports, such as `#portable-sha256`. */
  specifier: string;
  /** The one for any runtime, which sources import by its path. */
  fallback: Built;
  /** All that it may come to, the fallback among them. */
  choices: Built[];
}

/** Every subpath that holds code. A new one is added in package.json and nowhere else. */
export const entries: Entry[] = Object.entries(manifest.exports).flatMap(([subpath, target]) => {
  if (typeof target === 'string') return [];
  const specifier = subpath.replace('.', manifest.name);
  return [{ specifier, ...builtAs(target.import.default) }];
});

/** The commands of the package, as `bin` in package.json declares them. */
export const commands: Built[] = Object.values(manifest.bin).map(builtAs);

export const conditionals: Conditional[] = Object.entries(manifest.imports).map(
  ([specifier, targets]) => {
    const files = new Set(Object.values(targets).map((target) => target.import));
    const choices = [...files].map(builtAs);
    return { specifier, fallback: builtAs(targets.default.import), choices };
  },
);

function builtAs(file: string): Built {
  const output = file.replace(/^\.\/dist\/(.+)\.js$/, '$1');
  return { output, source: `src/${output}.ts` };
}
