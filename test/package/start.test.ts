import { globSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '../servers/daemon.ts';
import { stepsOf, walk } from './start-page.ts';

const pages = globSync('docs/guide/start/*.md').sort();
const folder = mkdtempSync(join(tmpdir(), 'keywright-start-pages-'));
afterAll(() => rm(folder, { recursive: true }));

describe('the Start pages', () => {
  it('finds the pages of six frameworks', () => {
    expect(pages.map((page) => basename(page, '.md'))).toEqual([
      'express',
      'fastify',
      'hono',
      'nest',
      'next',
      'workers',
    ]);
  });

  it.each(pages)('needs fewer than 15 commands: %s', (page) => {
    const commands = stepsOf(page).filter(({ kind }) => kind !== 'file');
    expect(commands.length).toBeGreaterThan(4);
    expect(commands.length).toBeLessThan(15);
  });

  it.each(pages)(
    'leads from npm init to a 401 and a 200: %s',
    { timeout: 600_000 },
    async (page) => {
      const project = mkdtempSync(join(folder, `${basename(page, '.md')}-`));
      const port = await freePort();
      const { output, stop } = await walk(stepsOf(page), project, {
        tarball: inject('tarball'),
        port,
      });
      await stop();
      const statuses = [...output.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status);
      expect(statuses, output).toEqual(['401', '200']);
      expect(output).toContain('"error":"unauthorized"');
      expect(output).toContain('"owner":"org_acme"');
    },
  );
});
