import { Kysely, type PostgresPool as KyselysPool, PostgresDialect } from 'kysely';
import { sha256Hex } from '../digest/sha256.ts';
import { dialectOf } from './sql/dialect.ts';
import type { Engine } from './sql/engine.ts';
import { inHostTransaction, notATransaction } from './sql/host-transaction.ts';
import { kyselyEngine } from './sql/kysely-engine.ts';
import { type ListenClient, listenPush } from './sql/listen.ts';
import { migrationSql as sqlOf } from './sql/schema.ts';
import { drive } from './sql/script.ts';
import { type SqlStore, type SqlStoreOptions, sqlStore } from './sql/store.ts';

export type { SqlStore, SqlStoreOptions } from './sql/store.ts';

/** What the store uses of a `Pool` of `pg`. */
export interface PostgresPool {
  query(query: PostgresQuery): Promise<PostgresResult>;
  connect(): Promise<PostgresClient & ListenClient>;
}

/** What the store uses of a client of `pg`, such as one that a host has begun a transaction on. */
export interface PostgresClient {
  query(query: PostgresQuery): Promise<PostgresResult>;
}

/** A statement as `pg` takes it. */
export interface PostgresQuery {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/** What `pg` gives for a statement. */
export interface PostgresResult {
  readonly rows: unknown[];
  readonly rowCount: number | null;
}

/** What can be said of a store in PostgreSQL. */
export interface PostgresStoreOptions extends SqlStoreOptions {
  /**
   * Whether the look-up of a digest is prepared once a connection. `false` for a pooler that gives
   * each transaction another connection and does not keep track of them. Default `true`.
   */
  readonly prepare?: boolean;
  /**
   * Whether word of changes comes by LISTEN, for which a cache keeps one connection. `false` for any
   * pooler that gives each transaction another connection: there, word goes to a connection that by
   * then may be another client's. Without it, caches learn of changes when they renew their lease.
   * Default `true`.
   */
  readonly listen?: boolean;
  /** The schema that the tables are in. Default: as the search path says. */
  readonly schema?: string;
}

/**
 * A store in PostgreSQL, over a `Pool` of `pg`.
 *
 * Changes wait for no more than their connection: give the pool a `connectionTimeoutMillis`, so that
 * they fail rather than wait where there is none. A cache that listens for changes keeps one
 * connection of the pool for itself.
 *
 * @example
 * ```ts
 * const store = postgresStore(new Pool({ connectionString: process.env.DATABASE_URL }));
 * await store.migrate();
 * ```
 */
export function postgresStore(
  pool: PostgresPool,
  { prepare = true, listen = true, schema, ...options }: PostgresStoreOptions = {},
): SqlStore {
  const engine = postgresEngine(pool, prepare, schema);
  return sqlStore(listen ? { ...engine, push: listenPush(() => pool.connect()) } : engine, options);
}

/** The SQL that `migrate()` runs, for those who apply their own. Running it again changes nothing. */
export function migrationSql(schema?: string): string {
  return sqlOf('postgres', schema);
}

function postgresEngine(pool: PostgresPool, prepare: boolean, schema: string | undefined): Engine {
  const dialect = dialectOf('postgres', schema);
  // Kysely's type of a pool asks for more than its driver uses.
  const heard = { connect: () => connectHeard(pool) } as unknown as KyselysPool;
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: heard }) });
  return {
    ...kyselyEngine(kysely, dialect),

    async join(transaction, script) {
      if (!isClient(transaction) || transaction === pool) {
        throw notATransaction('must be a client of pg on which a transaction was begun');
      }
      return inHostTransaction(
        transaction,
        'postgres',
        (text) => transaction.query({ text, values: [] }),
        () =>
          drive(script(), async ({ sql, parameters }) => {
            const { rows, rowCount } = await transaction.query({
              text: sql,
              values: [...parameters],
            });
            return { rows, changes: rowCount ?? 0 };
          }),
      );
    },

    lookup({ sql: text }) {
      // pg takes a name for one text alone, whichever version of this library used it first.
      const named = prepare ? { name: `keywright_${sha256Hex(text).slice(0, 16)}` } : {};
      return async (digest) => {
        const { rows } = await pool.query({ ...named, text, values: [digest] });
        return rows[0];
      };
    },
  };
}

/**
 * A client whose `error` events are heard while it is out of the pool, where neither the pool nor
 * Kysely listens. A server that goes away causes one beside the rejection of the statement, and
 * unheard it would end the process.
 */
async function connectHeard(pool: PostgresPool) {
  const client = await pool.connect();
  const hear = () => {};
  client.on('error', hear);
  return {
    query: client.query.bind(client),
    release(destroy?: boolean) {
      client.removeListener('error', hear);
      client.release(destroy);
    },
  };
}

function isClient(given: unknown): given is PostgresClient {
  return typeof given === 'object' && given !== null && 'query' in given;
}
