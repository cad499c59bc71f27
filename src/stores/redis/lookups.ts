import { KeywrightError } from '../../errors.ts';
import type { StoredKey } from '../../record.ts';
import { readRecord } from './texts.ts';

type Records = readonly (string | null)[];

interface Lookup {
  readonly digest: string;
  readonly resolve: (key: StoredKey | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** A command with more fields than this would keep the server from others for too long. */
const MOST_TOGETHER = 256;

/**
 * The memory that look-ups may hold while a server hangs. A client with an offline queue keeps each
 * command until it is answered, long after the verification has given up on it.
 */
const MOST_IN_FLIGHT = 10_000;

/**
 * Look-ups by digest. Those that begin in one turn of the event loop share one command.
 *
 * A bare `GET` costs the process 10 µs in node-redis and 17 in ioredis, most of it for the command and
 * little for what it carries. With 16 in flight, look-ups that share come to 7 µs and 6, with the
 * record read; each with a command of its own, to 13 and 22. Alone, a look-up waits for nothing.
 */
export class Lookups {
  #waiting: Lookup[] = [];
  #inFlight = 0;
  readonly #load: (digests: string[]) => Promise<Records>;

  constructor(load: (digests: string[]) => Promise<Records>) {
    this.#load = load;
  }

  find(digest: string): Promise<StoredKey | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#inFlight >= MOST_IN_FLIGHT) throw tooMany();
      this.#inFlight++;
      const { length } = this.#waiting;
      this.#waiting.push({ digest, resolve, reject });
      if (length === 0) queueMicrotask(() => this.#flush());
      else if (length + 1 === MOST_TOGETHER) this.#flush();
    });
  }

  #flush(): void {
    const lookups = this.#waiting;
    if (lookups.length === 0) return;
    this.#waiting = [];
    this.#answer(lookups).catch((error: unknown) => {
      for (const { reject } of lookups) reject(error);
    });
  }

  async #answer(lookups: readonly Lookup[]): Promise<void> {
    try {
      const records = await this.#load(lookups.map(({ digest }) => digest));
      lookups.forEach((lookup, index) => {
        settle(lookup, records[index]);
      });
    } finally {
      this.#inFlight -= lookups.length;
    }
  }
}

/** A record that cannot be read fails its own look-up alone. */
function settle({ resolve, reject }: Lookup, record: string | null | undefined): void {
  try {
    resolve(record === null || record === undefined ? undefined : readRecord(record));
  } catch (error) {
    reject(error);
  }
}

function tooMany(): KeywrightError {
  return new KeywrightError(
    'store_unavailable',
    `${MOST_IN_FLIGHT} look-ups wait for Redis already`,
  );
}
