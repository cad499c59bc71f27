import { KeywrightError } from '../errors.ts';
import type { VerifiableKey } from '../record.ts';

type Found = VerifiableKey | undefined;

/** Options of {@link cappedLookup}. */
interface LookupOptions<Row> {
  /** The most look-ups that may wait for the store. */
  readonly most: number;
  /** Decodes a row. */
  read(row: Row): Found;
  /** Converts the error of a failed look-up. Default: the error itself. */
  failureOf?(error: unknown): unknown;
}

/**
 * Looks up keys, and rejects while `most` look-ups are waiting. If the server hangs, each of them holds
 * memory and a place in the client's queue, although its caller has already received a 503.
 *
 * The row is decoded in the callback that frees the slot, which spares each look-up a promise.
 *
 * @param lookup returns a row, or a native `Promise` of one
 */
export function cappedLookup<Digest, Row>(
  lookup: (digest: Digest) => Promise<Row> | Row,
  { most, read, failureOf = (error) => error }: LookupOptions<Row>,
): (digest: Digest) => Promise<Found> | Found {
  let waiting = 0;
  const arrived = (row: Row) => {
    waiting--;
    return read(row);
  };
  const failed = (error: unknown) => {
    waiting--;
    throw failureOf(error);
  };
  return (digest) => {
    if (waiting >= most) {
      const message = `${most} look-ups are already waiting for the store`;
      return Promise.reject(new KeywrightError('store_unavailable', message));
    }
    try {
      const found = lookup(digest);
      if (!(found instanceof Promise)) return read(found);
      waiting++;
      return found.then(arrived, failed);
    } catch (error) {
      return Promise.reject(failureOf(error));
    }
  };
}

/** A statement with more digests would delay other statements for too long. */
const MOST_TOGETHER = 256;

/**
 * Combines the look-ups that begin before `schedule` calls back into one statement. For the process, most
 * of the cost of a look-up is the statement, and little is the digest.
 *
 * @param load reads the rows of the digests, in the order of the digests
 */
export function sharedLookup<Digest, Row>(
  load: (digests: Digest[]) => Promise<readonly Row[]>,
  schedule: (send: () => void) => unknown,
): (digest: Digest) => Promise<Row> {
  let waiting: Waiting<Digest, Row>[] = [];
  function send(): void {
    const sent = waiting;
    if (sent.length === 0) return;
    waiting = [];
    load(sent.map(({ digest }) => digest)).then(
      (rows) => {
        for (const [i, { resolve }] of sent.entries()) resolve(rows[i] as Row);
      },
      (error: unknown) => {
        for (const { reject } of sent) reject(error);
      },
    );
  }
  return (digest) =>
    new Promise((resolve, reject) => {
      const length = waiting.push({ digest, resolve, reject });
      if (length === 1) schedule(send);
      else if (length === MOST_TOGETHER) send();
    });
}

interface Waiting<Digest, Row> {
  readonly digest: Digest;
  resolve(row: Row): void;
  reject(error: unknown): void;
}
