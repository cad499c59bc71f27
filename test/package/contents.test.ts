import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, inject, it } from 'vitest';
import { entries } from '../../entries.config.ts';
import manifest from '../../package.json' with { type: 'json' };
import { importsOf, packageOf, parse } from '../architecture/imports.ts';
import { linksOf, pages, targetOf } from '../docs/markdown.ts';

const installed = join(inject('bare'), 'node_modules', manifest.name);
const files = globSync('**', { cwd: installed, withFileTypes: true })
  .filter((file) => file.isFile())
  .map((file) =>
    join(file.parentPath, file.name)
      .slice(installed.length + 1)
      .replaceAll('\\', '/'),
  );
const read = (file: string): string => readFileSync(join(installed, file), 'utf8');

describe('the tarball', () => {
  it('holds the build, the manifest and the papers', () => {
    const top = new Set(files.map((file) => file.split('/', 1)[0]));
    expect([...top].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'dist',
      'docs',
      'package.json',
    ]);
  });

  it('holds what its pages link to', () => {
    const written = pages.filter(({ path }) => files.includes(path));
    expect(written.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'docs/guide/cli.md', 'docs/threat-model.md']),
    );
    const linked = written.flatMap((page) => linksOf(page).map((link) => targetOf(page, link)));
    const targets = linked.filter((target) => target !== undefined);
    expect(targets.filter((target) => !files.includes(target))).toEqual([]);
    const images = files.filter((file) => file.startsWith('docs/images/'));
    expect(images.filter((image) => !targets.includes(image))).toEqual([]);
  });

  it('holds modules and their types for both formats, and no source', () => {
    const built = files.filter((file) => file.startsWith('dist/'));
    expect(built.length).toBeGreaterThanOrEqual(4 * entries.length);
    expect(built.filter((file) => !/(?:\.d\.c?ts|\.c?js)$/.test(file)).sort()).toEqual([
      'dist/cli/licenses.txt',
      'dist/cli/peers/licenses.txt',
    ]);
  });

  it('holds the licenses of the packages that the command line brings along', () => {
    expect(headingsOf('dist/cli/licenses.txt')).toEqual(
      expect.arrayContaining(['cli-table3', 'commander', 'string-width']),
    );
    expect(headingsOf('dist/cli/peers/licenses.txt')).toEqual(['kysely', 'otpauth', 'qr']);
  });

  it('names in its types no package that it does not declare', () => {
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
    const named = files
      .filter((file) => file.endsWith('.d.ts') || file.endsWith('.d.cts'))
      .flatMap((file) => importsOf(parse(file, read(file))))
      .map(({ specifier }) => packageOf(specifier))
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
    expect(named.filter((name) => !(name in declared))).toEqual([]);
  });
});

describe.each(['js', 'cjs'])('the .%s build', (extension) => {
  const built = files.filter((file) => file.endsWith(`.${extension}`));
  const holders = new Map<string, string[]>();
  for (const file of built) {
    // esbuild heads every module it puts into a file with that module's path.
    for (const [, source = ''] of new Set(read(file).match(/^\/\/ src\/\S+$/gm) ?? []).entries()) {
      holders.set(source, [...(holders.get(source) ?? []), file]);
    }
  }

  it('holds every entry', () => {
    const sources = entries.map(({ source }) => `// ${source}`);
    expect(sources.filter((source) => !holders.has(source))).toEqual(reexports(sources));
  });

  it('holds one copy of each module', () => {
    expect(holders.size).toBeGreaterThan(entries.length);
    // The dashboard's own build, for browsers, has its texts, limits and lists a second time.
    const dashboard = `dist/management/dashboard/index.${extension}`;
    const shared = [...holders].filter(([source]) => SHARED.test(source));
    expect(shared.filter(([, holding]) => !holding.includes(dashboard))).toEqual([]);
    for (const [source, holding] of shared) {
      holders.set(
        source,
        holding.length === 1 ? holding : holding.filter((file) => file !== dashboard),
      );
    }
    expect([...holders].filter(([, holding]) => holding.length !== 1)).toEqual([]);
  });
});

/** What the dashboard has in common with the service. */
const SHARED = /^\/\/ src\/(?:management\/texts\/|limits\.ts|record\.ts)/;

/** The packages whose licenses a file holds. */
function headingsOf(file: string): string[] {
  return [...read(file).matchAll(/^(\S+) \d+\.\d+\.\d+$/gm)].map(([, name = '']) => name);
}

/** Entries that only hand on the names of other modules leave nothing of their own behind. */
function reexports(sources: readonly string[]): string[] {
  return sources.filter((source) => {
    const path = source.replace('// ', '');
    return parse(path, readFileSync(path, 'utf8')).statements.every(ts.isExportDeclaration);
  });
}
