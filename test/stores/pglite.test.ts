import { PGlite } from '@electric-sql/pglite';
import { createApiKeys, tokenFormat } from 'keywright';
import { pgliteStore } from 'keywright/pglite';
import { testKeyStore } from 'keywright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('pgliteStore', () => {
  const database = new PGlite();
  const store = pgliteStore(database);
  beforeAll(() => store.migrate());
  afterAll(() => database.close());
  testKeyStore(
    () => ({ store, database }),
    { describe, it },
    {
      changes: 'push',
      hold: true,
      exclusive: true,
      transact: ({ database }, work) => database.transaction(work),
    },
  );

  it('creates, updates and rotates in a transaction that holds its one connection', async () => {
    const format = tokenFormat({ brand: 'acme', environments: ['live'] });
    const keys = createApiKeys({ format, store });
    const actor = { id: 'user_1' };
    const newKey = {
      name: 'Zapier',
      owner: 'org_transaction',
      environment: 'live',
      actor,
    } as const;
    const secret = await database.transaction(async (transaction) => {
      const { record } = await keys.create({ ...newKey, transaction });
      await keys.update(record.id, { name: 'n' }, { actor, transaction });
      const rotated = await keys.rotate(record.id, { actor, transaction });
      expect(rotated).toMatchObject({ record: { name: 'n' }, replaced: { id: record.id } });
      return rotated.secret;
    });
    expect(await keys.verify(secret.reveal())).toMatchObject({ ok: true });
    await keys.close();
  });
});
