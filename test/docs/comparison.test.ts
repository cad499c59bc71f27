import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import peers from '../bench/peers/package.json' with { type: 'json' };

const page = readFileSync(new URL('../../docs/comparison.md', import.meta.url), 'utf8');
const [, row = ''] = /^\| version that was checked \|(.+)\|$/m.exec(page) ?? [];

it('compares with the versions that the benchmarks install', () => {
  const cells = row.split('|').map((cell) => cell.trim());
  expect(cells[1]).toBe(peers.dependencies['@better-auth/api-key']);
  expect(cells[2]).toBe(peers.dependencies['prefixed-api-key']);
  expect(cells[5]).toBe(
    `\`@fastify/bearer-auth\` ${peers.dependencies['@fastify/bearer-auth']}, ` +
      `\`hono\` ${manifest.devDependencies.hono.replace('^', '')}`,
  );
});

it('has a date', () => {
  expect(page).toMatch(/Checked in [A-Z][a-z]+ 20\d\d,/);
});
