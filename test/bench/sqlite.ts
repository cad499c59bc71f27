import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from 'keywright/sqlite';
import { atLeast, type Figure, type Measurement } from './figure.ts';
import { makeKeys, quietService, VERIFIED_COLUMNS, verifyAgainst } from './store-rates.ts';

const LOOK_UP = `select ${VERIFIED_COLUMNS} from keywright_keys where digest = ?`;

async function measure(): Promise<Measurement> {
  // Built for some versions of Node, not for all: where it is not, this figure alone is missing.
  const { default: Database } = await import('better-sqlite3');
  const folder = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
  const database = new Database(join(folder, 'keys.db'));
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = off');
    const store = sqliteStore(database);
    await store.migrate();
    const keys = quietService(store);
    const tokens = await makeKeys(keys, 10_000);
    const statement = database.prepare(LOOK_UP);
    const bare = (digest: string) => statement.get(digest);
    return await verifyAgainst(keys, { tokens, bare, batch: 10_000, pairs: 40 });
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}

export const figures: readonly Figure[] = [
  {
    id: 'verify.sqlite',
    title: 'verify, uncached, against the same prepared SELECT through bare better-sqlite3',
    unit: '×',
    bar: atLeast(0.5),
    measure,
  },
];
