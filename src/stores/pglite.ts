import { Kysely, type PGlite as KyselysPGlite, PGliteDialect } from 'kysely';
import { dialectOf } from './sql/dialect.ts';
import type { Engine } from './sql/engine.ts';
import { inHostTransaction, notATransaction } from './sql/host-transaction.ts';
import { kyselyEngine } from './sql/kysely-engine.ts';
import { CHANNEL } from './sql/leases.ts';
import { migrationSql as sqlOf } from './sql/schema.ts';
import { drive } from './sql/script.ts';
import { type SqlStore, type SqlStoreOptions, sqlStore } from './sql/store.ts';

export type { SqlStore, SqlStoreOptions } from './sql/store.ts';

/** What the store uses of a `PGlite`. */
export interface PGliteDatabase extends PGliteTransaction {
  readonly closed: boolean;
  readonly ready: boolean;
  readonly waitReady: Promise<void>;
  transaction<Outcome>(
    work: (transaction: PGliteTransaction) => Promise<Outcome>,
  ): Promise<Outcome>;
  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** What the store uses of the transaction that `PGlite` hands to the callback of `transaction`. */
export interface PGliteTransaction {
  query<Row>(
    sql: string,
    parameters?: unknown[],
  ): Promise<{ readonly rows: Row[]; readonly affectedRows?: number }>;
}

/**
 * A store in PGlite, the PostgreSQL that runs within the process.
 *
 * A host that changes keys in a transaction of its own hands over what `db.transaction` gave it.
 * Everything else waits until that transaction is over, so within it, every change must be part
 * of it.
 *
 * @example
 * ```ts
 * const store = pgliteStore(new PGlite('./keys'));
 * await store.migrate();
 * ```
 */
export function pgliteStore(db: PGliteDatabase, options: SqlStoreOptions = {}): SqlStore {
  return sqlStore(pgliteEngine(db), options);
}

/** The SQL that `migrate()` runs, for those who apply their own. Running it again changes nothing. */
export function migrationSql(): string {
  return sqlOf('postgres');
}

function pgliteEngine(db: PGliteDatabase): Engine {
  const dialect = dialectOf('postgres');
  // Kysely's type of the same thing asks for more than is used, such as `rollback`.
  const pglite = db as unknown as KyselysPGlite;
  const kysely = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) });
  const engine = kyselyEngine(kysely, dialect);
  return {
    ...engine,

    async transact(script) {
      // Kysely's driver would wait for ever for a transaction to begin.
      if (db.closed) throw new Error('PGlite is closed');
      return engine.transact(script);
    },

    async join(transaction, script) {
      if (!isTransaction(transaction) || transaction === db) {
        throw notATransaction('must be what db.transaction() of PGlite hands to its callback');
      }
      return inHostTransaction(
        transaction,
        'postgres',
        (statement) => transaction.query(statement),
        () =>
          drive(script(), async ({ sql, parameters }) => {
            const { rows, affectedRows = 0 } = await transaction.query(sql, [...parameters]);
            return { rows, changes: affectedRows };
          }),
      );
    },

    lookup({ sql }) {
      return async (digest) => {
        const { rows } = await db.query(sql, [digest]);
        return rows[0];
      };
    },

    push: {
      async subscribe(listener) {
        const end = await db.listen(CHANNEL, () => listener());
        return () => end();
      },
    },
  };
}

function isTransaction(given: unknown): given is PGliteTransaction {
  return typeof given === 'object' && given !== null && 'query' in given;
}
