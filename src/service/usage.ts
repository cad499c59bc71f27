import { withDeadline } from '../deadline.ts';
import type { KeyStore } from '../store.ts';
import type { Hooks } from './hooks.ts';

/** A batch is one statement, and every engine limits its parameters. */
const BATCH = 1000;

/** The number of uses that the buffer holds before they are coalesced. */
const NOTES = 1000;

interface UsageLogOptions {
  readonly store: Pick<KeyStore, 'recordUsage'>;
  readonly storeTimeoutMs: number;
  readonly hooks: Hooks;
  readonly flushMs: number;
}

/**
 * Records when keys were used. Coalesces uses in memory, one entry a key, and writes them in batches:
 * after `flushMs`, on {@link flush} and on {@link close}. No request waits for the write.
 */
export class UsageLog {
  #pending = new Map<string, number>();
  #notes = 0;
  readonly #ids: string[] = [];
  readonly #times = new Float64Array(NOTES);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;
  readonly #options: UsageLogOptions;

  constructor(options: UsageLogOptions) {
    this.#options = options;
  }

  /** Milliseconds by which a stored time of last use can lag. */
  get flushMs(): number {
    return this.#options.flushMs;
  }

  note(keyId: string, at: number): void {
    if (this.#closed) return;
    this.#ids[this.#notes] = keyId;
    this.#times[this.#notes++] = at;
    if (this.#notes === NOTES) this.#coalesce();
    if (this.#timer === undefined) this.#schedule();
  }

  /** Writes all recorded uses. Rejects if the store does, and keeps what was not written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // One write at a time, even if the one before failed.
    const writing = this.#writing.catch(() => {}).then(() => this.#write());
    this.#writing = writing;
    return writing;
  }

  #coalesce(): void {
    for (let i = 0; i < this.#notes; i++) {
      this.#add(this.#ids[i] as string, this.#times[i] as number);
    }
    this.#notes = 0;
  }

  /** Keeps the latest time, even if the clock goes back. */
  #add(keyId: string, at: number): void {
    if (at > (this.#pending.get(keyId) ?? 0)) this.#pending.set(keyId, at);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
  }

  #schedule(): void {
    const { hooks, flushMs } = this.#options;
    this.#timer = setTimeout(() => {
      this.flush().catch((error: unknown) => {
        hooks.emit({ type: 'usage_failed', at: hooks.now(), error });
      });
    }, flushMs);
    // Lets the process exit. Edge runtimes return a number, which has no such method.
    this.#timer.unref?.();
  }

  async #write(): Promise<void> {
    const { store, storeTimeoutMs } = this.#options;
    this.#coalesce();
    const uses = this.#pending;
    this.#pending = new Map();
    for (const batch of batchesOf(uses)) {
      try {
        await withDeadline(store.recordUsage(batch), storeTimeoutMs);
      } catch (error) {
        this.#keep(uses);
        throw error;
      }
      for (const keyId of batch.keys()) uses.delete(keyId);
    }
  }

  /** Keeps the uses that were not written, for the next flush. */
  #keep(uses: ReadonlyMap<string, number>): void {
    for (const [keyId, at] of uses) this.#add(keyId, at);
    if (!this.#closed && this.#timer === undefined) this.#schedule();
  }
}

function* batchesOf(uses: ReadonlyMap<string, number>): Iterable<ReadonlyMap<string, number>> {
  const entries = [...uses];
  for (let i = 0; i < entries.length; i += BATCH) yield new Map(entries.slice(i, i + BATCH));
}
