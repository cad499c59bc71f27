import { sqliteStore } from 'keywright/sqlite';
import { testKeyStore } from 'keywright/testing';
import { describe, it } from 'vitest';
import { sqliteClients, sqliteFile, transacted } from './sql/sqlite-file.ts';

describe.each(sqliteClients)('sqliteStore over $name', (client) => {
  testKeyStore(
    async () => {
      const file = sqliteFile();
      const database = file.connect(client);
      const store = sqliteStore(database);
      await store.migrate();
      return {
        ...{ store, database },
        other: sqliteStore(file.connect(client)),
        close: () => file.remove(),
      };
    },
    { describe, it },
    { exclusive: true, transact: ({ database }, work) => transacted(database, work) },
  );
});
