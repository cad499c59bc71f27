import type { KeyStore } from 'keywright';
import { postgresStore } from 'keywright/postgres';
import { storedKey, trace } from 'keywright/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeFeed } from '../../../src/change-feed.ts';
import { startPostgres } from '../../servers/postgres.ts';
import { changing } from './changing.ts';

const LEASE_MS = 300;

const server = await startPostgres();
afterAll(() => server?.stop());

describe.skipIf(server === undefined)('a change that waits for a lease in PostgreSQL', () => {
  let pool: pg.Pool;
  let store: KeyStore;
  let feed: ChangeFeed;

  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: await server?.database() });
    const migrating = postgresStore(pool);
    await migrating.migrate();
    store = migrating;
    feed = store.changes as ChangeFeed;
  });
  afterAll(() => pool.end());

  /** Takes a lease as a process does that then ends without giving it back; gives when. */
  async function abandonedLease(): Promise<number> {
    await feed.register(LEASE_MS);
    const { total } = await feed.poll('gone');
    await feed.acknowledge('gone', total, LEASE_MS);
    return performance.now();
  }

  /** A revocation that has committed, and when it resolves. */
  async function revocation() {
    const key = storedKey();
    await changing(store).create(key, trace());
    const resolved = changing(store)
      .revoke({ id: key.id }, trace())
      .then(() => performance.now());
    await expect.poll(() => store.findByDigest(key.digest)).toHaveProperty('revokedAt');
    return { resolved };
  }

  it('waits once for one that was never given back, and drops it', async () => {
    const since = await abandonedLease();
    const { resolved } = await revocation();
    expect((await resolved) - since).toBeGreaterThanOrEqual(LEASE_MS);
    expect((await pool.query('select * from keywright.keywright_members')).rows).toEqual([]);
  });

  it('is resolved when it has run out, though the server has hung since the commit', async () => {
    const since = await abandonedLease();
    const { resolved } = await revocation();
    const holder = await pool.connect();
    await holder.query('begin');
    await holder.query('lock table keywright.keywright_members in access exclusive mode');
    const forever = new Promise<number>((_, reject) =>
      setTimeout(reject, 4000, new Error('waits')),
    );
    expect((await Promise.race([resolved, forever])) - since).toBeGreaterThanOrEqual(LEASE_MS);
    await holder.query('rollback');
    holder.release();
  });
});
