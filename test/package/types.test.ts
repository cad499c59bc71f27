import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, inject, it } from 'vitest';
import { entries } from '../../entries.config.ts';
import manifest from '../../package.json' with { type: 'json' };
import { consumerOf, packagesIn } from './needs.ts';
import { useEntry } from './use-entry.ts';

const STRICT: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  target: ts.ScriptTarget.ES2023,
  types: ['node'],
};
const NODE = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
const BUNDLER = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

/** How a consumer may be compiled: the kind of file it is, and the options that go with it. */
const consumers = {
  'an ES module of Node': { extension: 'mts', options: NODE },
  'a CommonJS module of Node': { extension: 'cts', options: NODE },
  'a module for a bundler': { extension: 'ts', options: BUNDLER },
};

/**
 * What the compiler says to one file of a consumer project and to the declarations of the package
 * it leads to. The declarations of Node and of the peers are their own affair.
 */
function errorsIn(project: string, file: string, text: string, options: object): string[] {
  const path = join(project, file);
  writeFileSync(path, text);
  // `types` are looked up from the folder of the project, as a tsconfig.json there would do.
  const settings = { ...STRICT, ...options, typeRoots: [join(project, 'node_modules/@types')] };
  const program = ts.createProgram([path], settings, hostWithCache(settings));
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === path || fileName.includes(`/${manifest.name}/dist/`));
  const errors = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...ours.flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]),
  ];
  return errors.map(
    ({ file: where, messageText }) =>
      `${where?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
}

const libraries = new Map<string, ts.SourceFile | undefined>();

/** The compiler's own libraries are parsed once for all the programs. */
function hostWithCache(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  const read = host.getSourceFile;
  host.getSourceFile = (path, ...rest) => {
    if (!/\/typescript\/lib\//.test(path)) return read(path, ...rest);
    if (!libraries.has(path)) libraries.set(path, read(path, ...rest));
    return libraries.get(path);
  };
  return host;
}

describe.each(entries)('the types of $specifier', ({ specifier, output }) => {
  const project = consumerOf(`dist/${output}.d.ts`);

  it.each(Object.entries(consumers))('serves %s', (_name, { extension, options }) => {
    const file = `${output.replaceAll('/', '-')}.${extension}`;
    expect(errorsIn(project, file, useEntry(specifier), options)).toEqual([]);
  });
});

describe('the types of the core', () => {
  const core = entries.find(({ specifier }) => specifier === manifest.name);

  it('needs no types but those of Node', () => {
    expect(
      packagesIn(`dist/${core?.output}.d.ts`).filter((name) => !name.startsWith('node:')),
    ).toEqual([]);
  });

  it.each(entries)('agrees between the two formats: $specifier', ({ specifier, output }) => {
    const text = `
import type * as Esm from '${specifier}';
import type * as Cjs from '${specifier}' with { 'resolution-mode': 'require' };
// An import of a CommonJS module has a default, the whole of its exports.
export const toCjs = (module: typeof Esm): Omit<typeof Cjs, 'default'> => module;
export const toEsm = (module: typeof Cjs): typeof Esm => module;
`;
    expect(
      errorsIn(inject('full'), `agree-${output.replaceAll('/', '-')}.mts`, text, NODE),
    ).toEqual([]);
  });

  it('rejects wrong code', () => {
    const text = `import { absent } from '${manifest.name}';\nexport const name: string = absent;`;
    expect(errorsIn(inject('bare'), 'wrong.mts', text, NODE)).toHaveLength(1);
  });
});
