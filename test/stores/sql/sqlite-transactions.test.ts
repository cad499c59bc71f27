import { setTimeout as pause } from 'node:timers/promises';
import { createApiKeys, type KeyStore, type StoredKey, tokenFormat } from 'keywright';
import { sqliteStore } from 'keywright/sqlite';
import { storedKey, successor, trace } from 'keywright/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
    await store.create(key, trace());
    database.exec('create table host (id integer primary key)');
  });
  afterEach(() => file.remove());

  const hostRows = () => database.prepare('select id from host').all().length;
  const changes = (): Record<string, () => Promise<unknown>> => ({
    create: () => store.create(storedKey({ owner: key.owner }), trace()),
    update: () => store.update({ id: key.id }, { name: 'n' }, trace()),
    rotate: () => store.rotate({ id: key.id }, successor(), trace()),
    revoke: () => store.revoke({ id: key.id }, trace()),
    revokeAll: () => store.revokeAll(key.owner, trace()),
    eraseActor: () => store.eraseActor(key.owner, key.createdBy.id, trace()),
    recordUsage: () => store.recordUsage(new Map([[key.id, key.createdAt + 1]])),
    upgradeDigest: () => store.upgradeDigest(key.id, key.digest, storedKey().digest),
  });

  it('lets no statement of the host into a transaction, at whatever turn it comes', async () => {
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

  it('refuses every change while the host has a transaction open, and goes on listing', async () => {
    for (const [name, change] of Object.entries(changes())) {
      database.exec('begin');
      database.exec('insert into host values (null)');
      await expect(change(), name).rejects.toMatchObject({
        code: 'invalid_argument',
        argument: 'transaction',
      });
      expect((await store.list({ owner: key.owner, limit: 9, now: 0 })).items).toEqual([key]);
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
      const change = store.create(storedKey(), trace(), options);
      await expect(change).rejects.toMatchObject({ code: 'invalid_argument' });
    }
    beside.exec('rollback');
  });

  it('takes back a change that fails, and leaves the transaction of the host usable', async () => {
    database.exec('begin');
    database.exec('insert into host values (1)');
    const taken = storedKey({ owner: 'org_new', digest: key.digest });
    const change = store.create(taken, trace(), { transaction: database });
    await expect(change).rejects.toMatchObject({ code: 'digest_taken' });
    await store.create(storedKey({ owner: 'org_2' }), trace(), { transaction: database });
    database.exec('commit');
    expect(hostRows()).toBe(1);
    expect(await store.head('org_new')).toMatchObject({ sequence: 0 });
    expect(await store.head('org_2')).toMatchObject({ sequence: 1 });
  });

  it('waits for another process that has locked the file', async () => {
    const beside = file.connect(client);
    beside.exec('begin immediate');
    const waiting = store.update({ id: key.id }, { name: 'n' }, trace());
    await pause(100);
    expect(await store.find({ id: key.id })).toEqual(key);
    beside.exec('commit');
    expect(await waiting).toEqual({ key: { ...key, name: 'n' } });
  });

  it('answers a look-up while another process commits, without a write-ahead log too', async () => {
    database.exec('pragma journal_mode = delete');
    const beside = file.connect(client);
    beside.exec('pragma journal_mode = delete');
    beside.exec('begin exclusive');
    const waiting = store.findByDigest(key.digest);
    await pause(50);
    beside.exec('commit');
    expect(await waiting).toEqual(key);
  });

  it('looks no key up in a transaction of the host, which may not see that it is revoked', async () => {
    database.exec('begin');
    hostRows();
    const beside = sqliteStore(file.connect(client));
    await beside.revoke({ id: key.id }, trace());
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
    expect(await keys.verify(secret.reveal())).toEqual({ ok: false, reason: 'disabled' });
    await keys.close();
  });

  it('takes no client that does not tell of transactions', () => {
    const { prepare, exec } = database;
    const open = () => sqliteStore({ prepare, exec });
    expect(open).toThrow(expect.objectContaining({ argument: 'database' }));
  });

  it('answers a look-up at once, without a promise', () => {
    expect(store.findByDigest(key.digest)).toEqual(key);
  });

  it('refuses to migrate within a transaction of the host', async () => {
    database.exec('begin');
    await expect(sqliteStore(database).migrate()).rejects.toMatchObject({
      argument: 'transaction',
    });
    database.exec('rollback');
  });
});
