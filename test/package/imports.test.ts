import { describe, expect, inject, it } from 'vitest';
import { entries } from '../../entries.config.ts';
import { exportsOf } from './load.ts';
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
  const guards = entries.filter(({ source }) => source.startsWith('src/guards/'));

  it('loads where nothing but the package is installed', () => {
    const outputs = guards.map(({ output }) => `dist/${output}.js`);
    expect(new Set(outputs.map(consumerOf))).toEqual(new Set([inject('bare')]));
  });
});
