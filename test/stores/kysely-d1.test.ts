import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { migrationSql } from 'keywright/kysely';
import { Miniflare } from 'miniflare';
import { afterAll, describe, expect, it } from 'vitest';
import { entries } from '../../entries.config.ts';
import { checksOn } from './d1/worker.ts';

/** The worker as one module, with the sources of this project. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./d1/worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'], // as Cloudflare's own bundler
    alias: Object.fromEntries(entries.map(({ specifier, source }) => [specifier, `./${source}`])),
    absWorkingDir: fileURLToPath(new URL('../../', import.meta.url)),
  });
  return outputFiles[0]?.text ?? '';
}

// The suite runs in the Worker: from outside, a statement takes 20 ms, and the suite five minutes.
const cloudflare = new Miniflare({
  modules: true,
  script: await bundled(),
  compatibilityDate: '2026-01-01',
  d1Databases: ['DB'],
  cf: false, // it would fetch an example of what Cloudflare tells of a request
});
const database = await cloudflare.getD1Database('DB');
// Twice, as the guide says that it changes nothing then.
for (const sql of [migrationSql('sqlite'), migrationSql('sqlite')]) await database.exec(sql);
afterAll(() => cloudflare.dispose());

describe('kyselyStore over Cloudflare D1, in a Worker', () => {
  for (const { name, timeoutMs } of checksOn()) {
    it(
      name,
      async () => {
        const answer = await cloudflare.dispatchFetch('http://worker.invalid', {
          method: 'POST',
          body: name,
        });
        expect(await answer.text()).toBe('');
        expect(answer.status).toBe(200);
      },
      timeoutMs,
    );
  }
});
