import { PGlite } from '@electric-sql/pglite';
import { pgliteStore } from 'keywright/pglite';
import { testKeyStore } from 'keywright/testing';
import { beforeAll, describe, it } from 'vitest';

describe('pgliteStore', () => {
  const database = new PGlite();
  const store = pgliteStore(database);
  beforeAll(() => store.migrate(), 60_000);
  testKeyStore(
    () => ({ store, database }),
    { describe, it },
    {
      changes: 'push',
      transact: ({ database }, work) => database.transaction(work),
    },
  );
});
