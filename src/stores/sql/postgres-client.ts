import { invalid, KeywrightError } from '../../errors.ts';
import { wrongClient } from '../wrong-client.ts';
import type { ListenClient } from './listen.ts';

/** The part of a `Pool` of `pg` that the store uses. */
export interface PostgresPool {
  connect(): Promise<PostgresPoolClient>;
}

/** The part of a client of `pg` that the store uses, such as one with a transaction of the application. */
export interface PostgresClient {
  query(query: PostgresQuery): Promise<PostgresResult>;
  /** Returns `I` outside a transaction. A client without it costs one more round trip. */
  getTransactionStatus?(): string | null;
}

/** A client that was taken from the pool. */
export type PostgresPoolClient = PostgresClient &
  ListenClient & {
    /** Adds a listener for notices of the server, such as the warning that a transaction is open. */
    on(event: 'notice', listener: NoticeListener): unknown;
    /** Removes a listener that `on` added. */
    removeListener(event: 'notice', listener: NoticeListener): unknown;
  };

type NoticeListener = (notice: { readonly routine?: string | undefined }) => void;

/** A statement in the form of `pg`. */
export interface PostgresQuery {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
  readonly types: { getTypeParser(): (text: string) => unknown };
}

/** The result of a statement in `pg`. */
export interface PostgresResult {
  readonly command?: string;
  readonly rows: unknown[];
  readonly rowCount: number | null;
}

/** Returns values as the server sends them, even if the application has set parsers. */
export const RAW_TYPES = { getTypeParser: () => (text: string) => text };

/** The most connections left in a transaction that are closed before a statement fails. */
const MOST_DISCARDED = 20;

/** @throws KeywrightError `invalid_argument` if it is not a pool of pg; the message names its kind */
export function expectPool(given: unknown): void {
  if (!isPool(given)) {
    const expected = 'a Pool of pg, such as new Pool({ connectionString })';
    throw wrongClient('pool', expected, given);
  }
  const { options } = given as { readonly options?: { readonly binary?: unknown } };
  if (options?.binary === true) throw invalid('pool', 'must not have the option `binary`');
}

function isPool(given: unknown): boolean {
  if (typeof given !== 'object' || given === null || !('connect' in given)) return false;
  const isClient = 'getTransactionStatus' in given || 'connectionParameters' in given;
  return typeof given.connect === 'function' && !isClient;
}

/**
 * Runs `work` on a client that is in no transaction. Closes a client that the application released with an
 * open transaction: reads in it could be stale, and a commit could be rolled back.
 */
export async function withClient<Outcome>(
  pool: PostgresPool,
  work: (client: PostgresPoolClient) => Promise<Outcome>,
): Promise<Outcome> {
  const client = await idleClient(pool);
  // Without a listener, an `error` event of a lost connection would end the process.
  client.on('error', ignore);
  let isFit = true;
  try {
    return await work(client);
  } catch (error) {
    isFit = isServerError(error);
    throw error;
  } finally {
    client.removeListener('error', ignore);
    client.release(!isFit || isInTransaction(client));
  }
}

async function idleClient(pool: PostgresPool): Promise<PostgresPoolClient> {
  for (let discarded = 0; discarded < MOST_DISCARDED; discarded++) {
    const client = await pool.connect();
    if (client.getTransactionStatus === undefined) {
      await client.query({ text: 'rollback', values: [], types: RAW_TYPES });
      return client;
    }
    if (client.getTransactionStatus() === 'I') return client;
    client.release(true);
  }
  throw new KeywrightError(
    'store_unavailable',
    'connections of the pool have open transactions: end each before you release its connection',
  );
}

function isInTransaction(client: PostgresClient): boolean {
  return (client.getTransactionStatus?.() ?? 'I') !== 'I';
}

/** Whether the error came from the server, so that the connection is still usable. */
export function isServerError(error: unknown): boolean {
  const { severity, code } = (error ?? {}) as { readonly severity?: unknown; code?: unknown };
  if (severity === undefined) return !(error instanceof Error) || error.name === 'KeywrightError';
  // admin_shutdown, crash_shutdown and the like: a commit in progress may have been made.
  return !(typeof code === 'string' && code.startsWith('57P0'));
}

function ignore(): void {}
