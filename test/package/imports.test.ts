import { describe, expect, inject, it } from 'vitest';
import { entries } from '../../entries.config.ts';
import { exportsOf, formats } from './load.ts';
import { consumerOf } from './needs.ts';

describe.each(entries)('$specifier', ({ specifier, output, source }) => {
  const consumer = { node: 'node', folder: consumerOf(`dist/${output}.js`) };

  it('exports when imported what its source exports', async () => {
    const names = Object.keys(await import(/* @vite-ignore */ `../../${source}`)).sort();
    expect(names.length).toBeGreaterThan(0);
    expect(exportsOf(specifier, 'module', consumer)).toEqual(names);
  });

  it('exports the same when required', () => {
    const imported = exportsOf(specifier, 'module', consumer);
    expect(exportsOf(specifier, 'commonjs', consumer)).toEqual(imported);
  });
});

describe('a guard', () => {
  // That of Nest is made of its decorators and exceptions: it loads where Nest is.
  const guards = entries.filter(
    ({ source }) => source.startsWith('src/guards/') && source !== 'src/guards/nest.ts',
  );

  it('loads where nothing but the package is installed', () => {
    const outputs = guards.map(({ output }) => `dist/${output}.js`);
    expect(new Set(outputs.map(consumerOf))).toEqual(new Set([inject('bare')]));
  });
});

describe('a store on Kysely', () => {
  const bare = { node: 'node', folder: inject('bare') };

  it.each(formats)(
    'names the command that installs Kysely where it is missing, as a %s',
    (format) => {
      expect(() => exportsOf('keywright/postgres', format, bare)).toThrow(
        /Cannot find (?:package|module) 'kysely'.*npm-install-kysely\.c?js/s,
      );
    },
  );
});
