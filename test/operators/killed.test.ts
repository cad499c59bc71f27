import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { createApiKeys, tokenFormat } from 'keywright';
import { revokeWhere } from 'keywright/operators';
import { sqliteStore } from 'keywright/sqlite';
import { afterAll, describe, expect, it } from 'vitest';

const OWNERS = 12;
const folder = mkdtempSync(join(tmpdir(), 'keywright-revoke-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('revokeWhere that is killed in the middle', () => {
  it('revokes the rest when it runs again, every key with one event', async () => {
    const file = join(folder, 'keys.db');
    const database = new DatabaseSync(file, { timeout: 5000 });
    const store = sqliteStore(database);
    await store.migrate();
    const format = tokenFormat({ brand: 'prn', environments: ['live'] });
    const keys = createApiKeys({ format, store });
    for (let i = 0; i < 2 * OWNERS; i++) {
      const key = { name: `key ${i}`, owner: `org_${i % OWNERS}`, environment: 'live' } as const;
      await keys.create({ ...key, actor: { id: 'user_eve' } });
    }
    const preload = new URL('../docs/resolve-keywright.ts', import.meta.url).href;
    const victim = fileURLToPath(new URL('./victim.ts', import.meta.url));
    const { signal, stderr } = spawnSync(process.execPath, ['--import', preload, victim, file]);
    expect(signal, String(stderr)).toBe('SIGKILL');

    const rest = await revokeWhere(keys, { createdBy: 'user_eve' }, { actor: { id: 'user_ada' } });
    expect(rest.owners).toBeGreaterThan(0);
    expect(rest.owners).toBeLessThan(OWNERS);
    expect(rest.revoked).toBe(2 * rest.owners);
    for (let i = 0; i < OWNERS; i++) {
      const owner = `org_${i}`;
      expect((await keys.list({ owner, state: 'revoked' })).items).toHaveLength(2);
      expect((await keys.activity({ owner, action: 'key.revoked' })).items).toHaveLength(2);
      expect(await keys.verifyActivity({ owner })).toMatchObject({ ok: true });
    }
    await keys.close();
    database.close();
  });
});
