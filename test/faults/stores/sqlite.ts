import { DatabaseSync } from 'node:sqlite';
import { sqliteStore } from 'keywright/sqlite';
import type { OpenStore } from '../open-store.ts';

export async function open(address: string): Promise<OpenStore> {
  const [path, journal = 'wal'] = partsOf(address);
  const database = new DatabaseSync(path, { timeout: 1000 });
  database.exec(`pragma journal_mode = ${journal}`);
  const store = sqliteStore(database);
  return { store, migrate: store.migrate, close: async () => database.close() };
}

/** Path and journal of an address. */
export function partsOf(address: string): [path: string, journal?: string] {
  return address.slice('sqlite:'.length).split('?journal=') as [string, string?];
}
