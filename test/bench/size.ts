import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import manifest from '../../package.json' with { type: 'json' };
import { atMost, type Figure } from './figure.ts';

/** What a service needs at the least. */
export const CORE = `export { createApiKeys, memoryStore, tokenFormat } from 'keywright';\n`;

/** Bytes of a program with all that it imports but its peers, minified and gzipped. */
export async function sizeOf(program: string): Promise<number> {
  const resolveDir = fileURLToPath(new URL('.', import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    external: Object.keys(manifest.peerDependencies),
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}

export const figures: readonly Figure[] = [
  {
    id: 'size.core',
    title: 'createApiKeys, memoryStore and tokenFormat with SHA-256, minified and gzipped',
    unit: ' bytes',
    bar: atMost(10_000),
    measure: async () => ({ value: await sizeOf(CORE) }),
  },
];
