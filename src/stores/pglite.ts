import { withDeadline } from '../deadline.ts';
import { KeywrightError } from '../errors.ts';
import { type Dialect, dialectOf } from './sql/dialect.ts';
import type { Engine, Result, Statement } from './sql/engine.ts';
import { CHANNEL } from './sql/feed.ts';
import { DEFAULT_SCHEMA, migrationSql as sqlOf } from './sql/schema.ts';
import { inTransactionOf, isOutsidePostgres, notATransaction, ownSession } from './sql/session.ts';
import { type SqlStore, type SqlStoreOptions, sqlStore } from './sql/store.ts';
import { wrongClient } from './wrong-client.ts';

export type { SqlStore, SqlStoreOptions } from './sql/store.ts';

/** The part of `PGlite` that the store uses. */
export interface PGliteDatabase extends PGliteTransaction {
  readonly closed: boolean;
  readonly waitReady: Promise<void>;
  transaction<Outcome>(
    work: (transaction: PGliteTransaction) => Promise<Outcome>,
  ): Promise<Outcome>;
  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>>;
}

/** The part that the store uses of the transaction that `PGlite` passes to the callback of `transaction`. */
export interface PGliteTransaction {
  query<Row>(
    sql: string,
    parameters?: unknown[],
    options?: PGliteQueryOptions,
  ): Promise<{ readonly rows: Row[]; readonly affectedRows?: number }>;
}

/** How PGlite encodes parameters and decodes results. */
export interface PGliteQueryOptions {
  readonly rowMode?: 'object';
  readonly parsers?: Record<number, (text: string) => unknown>;
  readonly serializers?: Record<number, (value: unknown) => string>;
}

/** Options of a store in PGlite. */
export interface PGliteStoreOptions extends SqlStoreOptions {
  /** The schema of the tables; `migrate()` creates it. Default `keywright`. */
  readonly schema?: string;
}

/**
 * A store in PGlite, the PostgreSQL that runs inside the process.
 *
 * To join a transaction, pass the one that `db.transaction` passes to its callback. All other statements
 * wait until it ends. So within the callback, every change must join it.
 *
 * @throws KeywrightError `invalid_argument` if `db` is not a PGlite
 *
 * @example
 * ```ts
 * const store = pgliteStore(new PGlite('./keys'));
 * await store.migrate();
 * ```
 */
export function pgliteStore(
  db: PGliteDatabase,
  { schema = DEFAULT_SCHEMA, ...options }: PGliteStoreOptions = {},
): SqlStore {
  const isPGlite = typeof db === 'object' && db !== null && 'listen' in db && 'transaction' in db;
  if (!isPGlite) throw wrongClient('db', 'a PGlite, such as new PGlite("./keys")', db);
  return sqlStore(pgliteEngine(db, dialectOf('postgres', schema)), options);
}

/** Returns the SQL that `migrate()` runs, for your own migration tool. Running it again changes nothing. */
export function migrationSql(schema = DEFAULT_SCHEMA): string {
  return sqlOf('postgres', schema);
}

const TYPES = [20, 21, 23, 25]; // int8, int2, int4, text: all that the store writes and reads

/** Sends and receives text, even if the application has set other parsers and serializers. */
const RAW: PGliteQueryOptions = {
  rowMode: 'object',
  parsers: Object.fromEntries(TYPES.map((type) => [type, (text: string) => text])),
  serializers: Object.fromEntries(TYPES.map((type) => [type, String])),
};

/** Below the 2,000 ms after which a view counts as failed: a wait for others is `change_contended`. */
const WAIT_MS = 1500;

/** The connection has one user at a time, so a single statement is not part of another transaction. */
function pgliteEngine(db: PGliteDatabase, dialect: Dialect): Engine {
  const transact: NonNullable<Engine['transact']> = (work) =>
    begunInTime(db, async (transaction) => {
      const run = (statement: Statement) => query(transaction, statement);
      return work(ownSession(run, false));
    });
  return {
    dialect,
    // Without a deadline, it would wait as long as the application keeps a transaction open.
    async run(statement) {
      await db.waitReady;
      return withDeadline(query(db, statement), WAIT_MS, tooLate);
    },
    // Uses a transaction even for one statement: the application may have begun one by SQL, and a
    // rollback of that would undo the statement.
    commit: (steps) => transact((session) => session.commit(steps)),
    transact,

    join(transaction, work) {
      if (!isTransaction(transaction) || transaction === db) {
        throw notATransaction('must be what db.transaction() of PGlite passes to its callback');
      }
      return inTransactionOf(
        transaction,
        (statement) => query(transaction, statement),
        isOutsidePostgres,
        work,
      );
    },

    lookup(sql) {
      return async (digest) => {
        const { rows } = await query(db, { sql, parameters: [digest] });
        return rows[0];
      };
    },

    feed: {
      async subscribe(listener) {
        const end = await db.listen(CHANNEL, () => listener());
        return () => end();
      },
    },
  };
}

function tooLate(): KeywrightError {
  return new KeywrightError('change_contended', 'another transaction has stayed open for too long');
}

/** Runs `work` in a transaction that begins within {@link WAIT_MS}, or rejects. */
async function begunInTime<Outcome>(
  db: PGliteDatabase,
  work: (transaction: PGliteTransaction) => Promise<Outcome>,
): Promise<Outcome> {
  // A closed PGlite would never begin the transaction.
  if (db.closed) throw new Error('PGlite is closed');
  await db.waitReady;
  let isLate = false;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      isLate = true;
      reject(tooLate());
    }, WAIT_MS);
    db.transaction(async (transaction) => {
      clearTimeout(timer);
      if (isLate) throw tooLate();
      return work(transaction);
    }).then(resolve, (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

async function query(on: PGliteTransaction, { sql, parameters }: Statement): Promise<Result> {
  const { rows, affectedRows = 0 } = await on.query(sql, [...parameters], RAW);
  return { rows, changes: affectedRows };
}

function isTransaction(given: unknown): given is PGliteTransaction {
  return typeof given === 'object' && given !== null && 'query' in given;
}
