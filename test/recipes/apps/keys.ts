import { DatabaseSync } from 'node:sqlite';
import { createApiKeys, tokenFormat } from 'keywright';
import { sqliteStore } from 'keywright/sqlite';

/** The service of each app: its keys are those of a database that the run has made. */
export const keys = createApiKeys({
  format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
  environments: ['live'],
  store: sqliteStore(new DatabaseSync(process.env.KEYS_DATABASE ?? ':memory:')),
});
