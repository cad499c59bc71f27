import { chownSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqliteStore } from 'keywright/sqlite';
import pg from 'pg';
import { exactly, type Figure, type Measurement } from '../bench/figure.ts';
import { accountOf } from '../servers/daemon.ts';
import { startPostgres } from '../servers/postgres.ts';
import { present, startEngine } from './engines.ts';
import { type Attempts, attemptIn, type Trouble } from './full/attempts.ts';
import { smallDisk } from './ground.ts';
import { openStore } from './open-store.ts';

const MEGABYTE = 2 ** 20;

/** Bytes that a full disk still has: some keys find room. */
const LEFT = 128 * 1024;

async function onAddress(address: string, trouble: Trouble): Promise<Attempts> {
  const [one, other] = [await openStore(address), await openStore(address)];
  try {
    await one.migrate();
    return await attemptIn(trouble, one.store, other.store);
  } finally {
    await one.close();
    await other.close();
  }
}

/** A file that leaves little of a disk, and goes again when the trouble is to end. */
function ballast(folder: string): Trouble {
  const file = join(folder, 'ballast');
  return {
    async begin() {
      const { bavail, bsize } = await statfs(folder);
      await writeFile(file, Buffer.alloc(Math.max(0, bavail * bsize - LEFT)));
    },
    end: () => rm(file),
  };
}

const sqliteOnFullDisk = (journal: string) => async () => {
  using disk = smallDisk(8 * MEGABYTE);
  const address = `sqlite:${join(disk.folder, 'keys.db')}?journal=${journal}`;
  return await onAddress(address, ballast(disk.folder));
};

/** On a connection whose settings are the trouble. */
const sqliteWith = (begin: string, end: string) => async () => {
  await using engine = await startEngine('sqlite');
  const address = await engine.database();
  const database = new DatabaseSync(address.slice('sqlite:'.length));
  const store = sqliteStore(database);
  const other = await openStore(address);
  const set = (setting: string) => async () => database.exec(`pragma ${setting}`);
  try {
    await store.migrate();
    return await attemptIn({ begin: set(begin), end: set(end) }, store, other.store);
  } finally {
    database.close();
    await other.close();
  }
};

async function postgresReadOnly(): Promise<Attempts> {
  await using engine = await startEngine('postgres');
  const address = await engine.database();
  const name = new URL(address).pathname.slice(1);
  const elsewhere = new pg.Pool({ connectionString: address.replace(name, 'postgres'), max: 1 });
  const set = (value: string) => async () => {
    await elsewhere.query(`alter database ${name} set default_transaction_read_only = ${value}`);
    const others = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1';
    await elsewhere.query(others, [name]);
  };
  try {
    return await onAddress(address, { begin: set('on'), end: set('off') });
  } finally {
    await elsewhere.end();
  }
}

async function postgresOnFullDisk(): Promise<Attempts> {
  using disk = smallDisk(32 * MEGABYTE);
  const account = accountOf('postgres');
  if (account !== undefined) chownSync(disk.folder, account.uid, account.gid);
  const server = present(await startPostgres({ durable: true }), 'postgres');
  const admin = new pg.Pool({ connectionString: server.url('postgres'), max: 1 });
  try {
    await admin.query(`create tablespace small location '${disk.folder}'`);
    await admin.query('create database full_disk tablespace small');
    return await onAddress(server.url('full_disk'), ballast(join(disk.folder, '..')));
  } finally {
    await admin.end();
    await server.stop();
  }
}

async function measure(attempt: () => Promise<Attempts>): Promise<Measurement> {
  const { shown, refused, faults, told } = await attempt();
  const found = faults.length === 0 ? '' : `; ${faults[0]}`;
  return { value: faults.length, note: `${shown} shown, ${refused} refused: ${told}${found}` };
}

const figure = (id: string, where: string, attempt: () => Promise<Attempts>): Figure => ({
  id: `full.${id}`,
  title: `tokens shown without their key, and refusals that left one, on ${where}`,
  unit: '',
  bar: exactly(0),
  measure: () => measure(attempt),
});

export const figures: readonly Figure[] = [
  figure('sqlite.wal', 'a full disk', sqliteOnFullDisk('wal')),
  figure('sqlite.journal', 'a full disk', sqliteOnFullDisk('delete')),
  // Stands in for a full disk where none can be mounted.
  figure('sqlite.pages', 'a full file', sqliteWith('max_page_count = 1', 'max_page_count = 9999')),
  figure('sqlite.read-only', 'a read-only file', sqliteWith('query_only = on', 'query_only = off')),
  figure('postgres.disk', 'a tablespace that is full', postgresOnFullDisk),
  figure('postgres.read-only', 'a server gone read-only', postgresReadOnly),
];
