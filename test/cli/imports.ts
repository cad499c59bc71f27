import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type ApiKeys, digestToken } from 'keywright';
import { expect } from 'vitest';
import type { Outcome } from './cli.ts';

/** What progress has written over. */
const OVERWRITTEN = /[^\n]*\r/g;

interface Subject {
  readonly folder: string;
  readonly keys: ApiKeys;
  run(args: readonly string[]): Promise<Outcome>;
}

/** Imports a file of each format, of which some rows are wrong, or of keys that are there. */
export async function checkImports({ folder, keys, run }: Subject): Promise<void> {
  const digests = ['one', 'two', 'three'].map((text) => digestToken(text));
  const named = { owner: 'org_moved', environment: 'live' };
  const lines = [
    JSON.stringify({ digest: digests[0], name: 'One', ...named, expiresAt: '2020-01-31' }),
    'no JSON',
    JSON.stringify({ digest: digests[1], name: 'Two', ...named, metadata: { plan: 'pro' } }),
  ];
  const file = join(folder, 'keys.jsonl');
  await writeFile(file, lines.join('\n'));
  const first = await run(['import', file, '--reason', 'we move']);
  expect(first.code, first.stdout + first.stderr).toBe(5);
  const shown = first.stdout + first.stderr;
  expect(shown).toContain('Row 2: row must be a plain object');
  expect(shown).toContain('2 imported, 0 present, 0 different, 1 wrong');

  const columns = 'digest,name,owner,environment,scopes,metadata,enabled,expiresAt';
  const cells = [
    `${digests[0]},One,org_moved,live,,,,1580428800000`,
    `${digests[1]},Two,org_other,live,,"{""plan"":""pro""}",,`,
    `${digests[2]},Three,org_moved,live,a b,,false,2020-01-31`,
  ];
  await writeFile(join(folder, 'keys.csv'), [columns, ...cells].join('\r\n'));
  const args = ['import', join(folder, 'keys.csv'), '--json'];
  const second = await run(args);
  expect(second.code).toBe(5);
  const report = JSON.parse(
    stripVTControlCharacters(second.stdout).replace(OVERWRITTEN, ''),
  ) as object;
  expect(report).toMatchObject({ read: 3, imported: 1, present: 1, different: 1, invalid: 0 });
  expect(report).toMatchObject({ problems: [{ row: 2, fields: ['owner'] }] });

  const { items } = await keys.list({ owner: 'org_moved' });
  const expiresAt = Date.UTC(2020, 0, 31);
  expect(items.map(({ name }) => name).sort()).toEqual(['One', 'Three', 'Two']);
  expect(items.find(({ name }) => name === 'Three')).toMatchObject({
    ...{ scopes: ['a', 'b'], enabled: false, expiresAt },
  });
}
