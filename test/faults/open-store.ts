import type { KeyStore } from 'keywright';

export interface OpenStore {
  readonly store: KeyStore;
  /** Makes the tables, where there are some. */
  migrate(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a store as a service does: `sqlite:<path>`, `sqlite:<path>?journal=delete`, or the address
 * of a server. Of the drivers, the one that is used is loaded.
 */
export async function openStore(address: string): Promise<OpenStore> {
  const [protocol] = address.split(':', 1);
  const { open } = await (protocol === 'sqlite'
    ? import('./stores/sqlite.ts')
    : protocol === 'postgres'
      ? import('./stores/postgres.ts')
      : protocol === 'mysql'
        ? import('./stores/mariadb.ts')
        : import('./stores/redis.ts'));
  return open(address);
}
