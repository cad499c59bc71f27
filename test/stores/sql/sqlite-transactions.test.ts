import { setTimeout as pause } from 'node:timers/promises';
import { createApiKeys, type KeyStore, type StoredKey, tokenFormat } from 'keywright';
import { sqliteStore } from 'keywright/sqlite';
import type { VerifiableKey } from 'keywright/store-kit';
import { storedKey, successor, trace } from 'keywright/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changing } from './changing.ts';
import { type Connection, type SqliteFile, sqliteClients, sqliteFile } from './sqlite-file.ts';

describe.each(sqliteClients)('sqliteStore over $name', (client) => {
  let file: SqliteFile;
  let database: Connection;
  let store: KeyStore;
  let key: StoredKey;

  beforeEach(async () => {
    file = sqliteFile();
    database = file.connect(client);
    const migrating = sqliteStore(database);
    await migrating.migrate();
    store = migrating;
    key = storedKey();
    await changing(store).create(key, trace());
    database.exec('create table host (id integer primary key)');
  });
  afterEach(() => file.remove());

  const hostRows = () => database.prepare('select id from host').all().length;
  const changes = (): Record<string, () => Promise<unknown>> => ({
    create: () => changing(store).create(storedKey({ owner: key.owner }), trace()),
    update: () => changing(store).update({ id: key.id }, { name: 'n' }, trace()),
    rotate: () => changing(store).rotate({ id: key.id }, successor(), trace()),
    revoke: () => changing(store).revoke({ id: key.id }, trace()),
    revokeAll: () => changing(store).revokeAll(key.owner, trace()),
    eraseActor: () => changing(store).eraseActor(key.owner, key.createdBy.id, trace()),
    recordUsage: () => store.recordUsage(new Map([[key.id, key.createdAt + 1]])),
    upgradeDigest: () => changing(store).upgradeDigest(key.id, key.digest, storedKey().digest),
  });

  it('keeps statements of the application out of a transaction, in any turn of the event loop', async () => {
    // Each change fails at its end and is rolled back: a statement that had got in would be too.
    database.exec(
      "create trigger refuse before update on keywright_heads begin select raise(abort, 'no'); end",
    );
    const { create, update, rotate, revoke, revokeAll, eraseActor } = changes();
    let inserted = 0;
    for (const change of [create, update, rotate, revoke, revokeAll, eraseActor]) {
      const failing = expect(change?.()).rejects.toThrow('no');
      for (let turn = 0; turn < 60; turn++) {
        await Promise.resolve();
        database.exec(`insert into host values (${++inserted})`);
      }
      await failing;
    }
    expect(hostRows()).toBe(inserted);
  });

  it('refuses every change and list while the application has a transaction open', async () => {
    for (const [name, change] of Object.entries(changes())) {
      database.exec('begin');
      database.exec('insert into host values (null)');
      await expect(change(), name).rejects.toMatchObject({
        code: 'invalid_argument',
        argument: 'transaction',
      });
      const listing = store.list({ owner: key.owner, limit: 9, now: 0 });
      await expect(listing).rejects.toMatchObject({ argument: 'transaction' });
      database.exec('commit');
    }
    expect(hostRows()).toBe(Object.keys(changes()).length);
    expect((await store.head(key.owner)).sequence).toBe(1);
  });

  it('refuses to join what is no open transaction on its connection', async () => {
    const beside = file.connect(client);
    beside.exec('begin');
    for (const transaction of [database, beside, {}, null, 'begin']) {
      const options = { transaction };
      const change = changing(store).create(storedKey(), trace(), options);
      await expect(change).rejects.toMatchObject({ code: 'invalid_argument' });
    }
    beside.exec('rollback');
  });

  it('takes back a change that fails, and leaves the transaction of the host usable', async () => {
    database.exec('begin');
    database.exec('insert into host values (1)');
    const taken = storedKey({ owner: 'org_new', digest: key.digest });
    const change = changing(store).create(taken, trace(), { transaction: database });
    await expect(change).rejects.toMatchObject({ code: 'digest_taken' });
    await changing(store).create(storedKey({ owner: 'org_2' }), trace(), { transaction: database });
    database.exec('commit');
    expect(hostRows()).toBe(1);
    expect(await store.head('org_new')).toMatchObject({ sequence: 0 });
    expect(await store.head('org_2')).toMatchObject({ sequence: 1 });
  });

  it('waits for another process that has locked the file', async () => {
    const beside = file.connect(client);
    beside.exec('begin immediate');
    const waiting = changing(store).update({ id: key.id }, { name: 'n' }, trace());
    await pause(100);
    expect(store.findByDigest(key.digest)).toMatchObject(looked(key));
    beside.exec('commit');
    expect(await waiting).toEqual({ ...key, name: 'n' });
  });

  it('answers a look-up while another process commits, without a write-ahead log too', async () => {
    database.exec('pragma journal_mode = delete');
    const beside = file.connect(client);
    beside.exec('pragma journal_mode = delete');
    beside.exec('begin exclusive');
    const waiting = store.findByDigest(key.digest);
    await pause(50);
    beside.exec('commit');
    expect(await waiting).toMatchObject(looked(key));
  });

  it('looks no key up in a transaction of the host, which may not see that it is revoked', async () => {
    database.exec('begin');
    hostRows();
    const beside = sqliteStore(file.connect(client));
    await changing(beside).revoke({ id: key.id }, trace());
    const found = store.findByDigest(key.digest);
    const first = await Promise.race([found, pause(100, 'waits')]);
    expect(first).toBe('waits');
    database.exec('commit');
    expect(await found).toMatchObject({ revokedAt: trace().at });
  });

  it('answers 503 where the transaction of the host lasts', async () => {
    const format = tokenFormat({ brand: 'acme', environments: ['live'] });
    const keys = createApiKeys({ format, store, storeTimeoutMs: 50 });
    const actor = { id: 'user_1' };
    const newKey = { name: 'n', owner: 'org_1', environment: 'live', actor } as const;
    const { secret, record } = await keys.create(newKey);
    await keys.update(record.id, { enabled: false }, { actor });
    database.exec('begin');
    await keys.update(record.id, { enabled: true }, { actor, transaction: database });
    expect(await keys.verify(secret.reveal())).toEqual({ ok: false, reason: 'unavailable' });
    database.exec('rollback');
    const patient = createApiKeys({ format, store, storeTimeoutMs: 60_000 });
    expect(await patient.verify(secret.reveal())).toEqual({ ok: false, reason: 'disabled' });
    await Promise.all([keys.close(), patient.close()]);
  });

  it('takes no client that does not tell of transactions', () => {
    const { prepare, exec } = database;
    const open = () => sqliteStore({ prepare, exec });
    expect(open).toThrow(expect.objectContaining({ argument: 'database' }));
  });

  it('answers a look-up at once, without a promise', () => {
    expect(store.findByDigest(key.digest)).toMatchObject(looked(key));
  });

  it('refuses to migrate within a transaction of the host', async () => {
    database.exec('begin');
    await expect(sqliteStore(database).migrate()).rejects.toMatchObject({
      argument: 'transaction',
    });
    database.exec('rollback');
  });
});

/** What a look-up must return of a key. */
function looked({ id, digest, owner, name, enabled }: StoredKey): Partial<VerifiableKey> {
  return { id, digest, owner, name, enabled };
}
