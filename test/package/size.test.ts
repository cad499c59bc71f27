import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, inject, it } from 'vitest';
import { entries } from '../../entries.config.ts';
import manifest from '../../package.json' with { type: 'json' };

/** The most a guard may add to the core, in bytes, minified and gzipped. */
const BUDGET = 1_500;

const CORE = `export { createApiKeys, memoryStore, tokenFormat } from '${manifest.name}';`;

/** Bytes of a program that is bundled from the installed package, minified and gzipped. */
async function gzipped(program: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: inject('bare') },
    bundle: true,
    minify: true,
    write: false,
    logLevel: 'silent',
    format: 'esm',
    target: 'es2023',
    external: ['node:*', ...Object.keys(manifest.peerDependencies)],
  });
  const [file] = outputFiles;
  if (!file) throw new Error('esbuild wrote nothing');
  return gzipSync(file.contents, { level: 9 }).length;
}

describe('a guard beside the core', () => {
  const guards = entries.filter(({ source }) => source.startsWith('src/guards/'));

  it('is weighed', () => {
    expect(guards.length).toBeGreaterThanOrEqual(3);
  });

  it.each(guards)(`adds at most ${BUDGET} bytes: $specifier`, async ({ specifier }) => {
    const core = await gzipped(CORE);
    const both = await gzipped(`${CORE}\nexport * as guard from '${specifier}';`);
    expect(both).toBeGreaterThan(core);
    expect(both - core).toBeLessThanOrEqual(BUDGET);
  });
});
