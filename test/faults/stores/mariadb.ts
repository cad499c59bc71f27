import { mysqlStore } from 'keywright/mysql';
import { createPool } from 'mysql2/promise';
import type { OpenStore } from '../open-store.ts';

export async function open(address: string): Promise<OpenStore> {
  const pool = createPool(address);
  const store = mysqlStore(pool);
  return { store, migrate: store.migrate, close: () => pool.end() };
}
