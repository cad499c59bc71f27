import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { importsOf, packageOf, parse, resolve } from '../architecture/imports.ts';

/** The packages that a built module or declaration names, those of its own imports included. */
export function packagesIn(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(join(inject('bare'), 'node_modules', manifest.name, file), 'utf8');
  return importsOf(parse(file, text)).flatMap(({ specifier }) => {
    if (specifier in manifest.imports) return packagesIn(ownImport(specifier), seen);
    if (!specifier.startsWith('.')) return [packageOf(specifier)];
    const target = resolve(file, specifier);
    // A declaration names the module it describes, not the declaration beside it.
    return packagesIn(file.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target, seen);
  });
}

/** The module that one of the package's own imports leads to, such as `#kysely`. */
function ownImport(specifier: string): string {
  const { import: target } = manifest.imports[specifier as keyof typeof manifest.imports].default;
  return target.replace(/^\.\//, '');
}

/** The project a built file is tried in: with the peers only where it names one. */
export function consumerOf(file: string): string {
  const peers = packagesIn(file).filter((name) => name in manifest.peerDependencies);
  return inject(peers.length > 0 ? 'full' : 'bare');
}
