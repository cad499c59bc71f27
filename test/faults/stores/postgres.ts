import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import type { OpenStore } from '../open-store.ts';

export async function open(address: string): Promise<OpenStore> {
  const pool = new pg.Pool({ connectionString: address, connectionTimeoutMillis: 2000 });
  pool.on('error', () => {}); // a server that ends its connections
  const store = postgresStore(pool);
  return { store, migrate: store.migrate, close: () => pool.end() };
}
