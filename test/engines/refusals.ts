import { checkStore, type KeyStore } from 'keywright';
import { mysqlStore } from 'keywright/mysql';
import { postgresStore } from 'keywright/postgres';
import mysql from 'mysql2/promise';
import pg from 'pg';
import type { Measurement } from '../bench/figure.ts';
import { present } from '../faults/engines.ts';
import { galeraSettings, startMariadb } from '../servers/mariadb.ts';
import { startPgpool } from '../servers/pgpool.ts';
import { synchronousPair } from './postgres-pair.ts';
import { refusal } from './setup.ts';

/** 1 if `migrate()` rejects and `checkStore` gives the reason. */
async function refusedBy(
  store: KeyStore & { migrate(): Promise<void> },
  reason: string,
): Promise<Measurement> {
  const code = await store.migrate().then(
    () => 'migrated',
    (error: unknown) => (error as { readonly code?: string }).code,
  );
  const findings = await checkStore(store);
  const isFound = findings.some((finding) => finding.code === reason);
  return {
    value: code === 'store_unsafe' && isFound ? 1 : 0,
    note: `migrate(): ${code}; checkStore(): ${findings.map((finding) => finding.code).join(', ')}`,
  };
}

/** A node of Galera as it comes. */
async function galera(): Promise<Measurement> {
  await using resources = new AsyncDisposableStack();
  const settings = await galeraSettings();
  const server = present(await startMariadb({ durable: true, settings }), 'MariaDB');
  resources.defer(() => server.stop());
  const pool = mysql.createPool(await server.database());
  resources.defer(() => pool.end());
  return await refusedBy(mysqlStore(pool), 'galera_stale_reads');
}

async function pgpool(): Promise<Measurement> {
  await using resources = new AsyncDisposableStack();
  const { primary, standby, url } = await synchronousPair(resources);
  const pooler = present(await startPgpool([primary, standby]), 'pgpool-II');
  resources.defer(() => pooler.stop('SIGINT'));
  const pool = new pg.Pool({ connectionString: pooler.through(url) });
  pool.on('error', () => {});
  resources.defer(() => pool.end());
  return await refusedBy(postgresStore(pool), 'reads_elsewhere');
}

const fault = 'none: migrate() and checkStore()';

export const figures = [
  refusal('galera.refusal', { engine: 'Galera, wsrep_sync_wait 0', fault }, galera),
  refusal('pgpool.refusal', { engine: 'pgpool-II, load balancing', fault }, pgpool),
];
