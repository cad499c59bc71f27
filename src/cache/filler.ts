import type { Timing } from '../clock.ts';
import { isPromiseLike } from '../maybe-promise.ts';
import type { VerifiableKey } from '../record.ts';
import type { KeyStore } from '../store.ts';
import type { Entries } from './entries.ts';
import type { Holder } from './holder.ts';
import type { Lease } from './lease.ts';
import type { LookupCounts, Reporter } from './reporter.ts';

type Accepts = (key: VerifiableKey) => boolean;

/** A read of the store that other look-ups may share. */
interface Flight {
  readonly moveNo: number;
  readonly answer: Promise<VerifiableKey | undefined>;
}

interface FillerOptions {
  readonly store: Pick<KeyStore, 'findByDigest'>;
  readonly entries: Entries;
  readonly holder: Holder;
  readonly lease: Lease;
  readonly timing: Timing;
  readonly reporter: Reporter;
}

/** Answers look-ups from memory while the lease is live, and caches records read from the store. */
export class Filler {
  readonly #options: FillerOptions;
  readonly #flights = new Map<string, Flight>();
  #hits = 0;
  #misses = 0;

  constructor(options: FillerOptions) {
    this.#options = options;
  }

  get counts(): LookupCounts {
    return { hits: this.#hits, misses: this.#misses };
  }

  find(digest: string, accepts: Accepts) {
    const { entries, lease, timing, reporter } = this.#options;
    const mono = timing.monotonicMs(); // read once: the clock costs as much as the look-up
    const isLive = lease.isLive(mono);
    if (isLive) {
      const key = entries.get(digest, mono);
      // A key that would be refused is read from the store, so that all refusals do the same work.
      if (key !== undefined && accepts(key)) {
        this.#hits++;
        reporter.lookup('hit');
        return key;
      }
    }
    this.#misses++;
    reporter.lookup('miss');
    if (isLive) {
      const flight = this.#flights.get(digest);
      if (flight !== undefined && flight.moveNo === this.#options.holder.moveNo) {
        return this.#share(flight, digest, accepts);
      }
    }
    return this.#read(digest, accepts);
  }

  /** R7: shares a read that began after the last seen change, but never an absence or a refused key. */
  async #share(flight: Flight, digest: string, accepts: Accepts) {
    const key = await flight.answer;
    return key !== undefined && accepts(key) ? key : this.#read(digest, accepts);
  }

  #read(digest: string, accepts: Accepts) {
    const { store, holder } = this.#options;
    const { moveNo } = holder;
    const answer = store.findByDigest(digest);
    if (!isPromiseLike(answer)) return this.#keep(answer, accepts, moveNo);
    const flight = { moveNo, answer: Promise.resolve(answer) };
    this.#flights.set(digest, flight);
    return this.#finish(flight, digest, accepts);
  }

  async #finish(flight: Flight, digest: string, accepts: Accepts) {
    try {
      return this.#keep(await flight.answer, accepts, flight.moveNo);
    } finally {
      if (this.#flights.get(digest) === flight) this.#flights.delete(digest);
    }
  }

  /** R8: caches a record only if its read began after the last change of its shards was seen. */
  #keep(key: VerifiableKey | undefined, accepts: Accepts, began: number) {
    const { holder, entries, timing } = this.#options;
    if (key !== undefined && holder.mayKeep(key.owner, began) && accepts(key)) {
      entries.set(key, timing.monotonicMs());
    }
    return key;
  }
}
