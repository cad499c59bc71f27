import type { Clock } from '../clock.ts';
import { withDeadline } from '../deadline.ts';
import { isKeywrightError, KeywrightError } from '../errors.ts';
import type { Actor, FactorAction, FactorRef } from '../record.ts';
import type { FactorStore, Trace } from '../store.ts';
import type { Factor } from './factor.ts';
import type { KeyRing } from './key-ring.ts';
import { openFactor, sealFactor } from './seal.ts';

/** Milliseconds after which a store that has not answered a read counts as failed. */
const STORE_TIMEOUT_MS = 2000;

// Each race that is lost is another's write. To lose so many, an actor needs as many codes at once.
const MAX_RACES = 100;

/** Whose factor it is, and who acts: for all but a reset, the same person. */
export interface Holder {
  readonly owner: string;
  readonly actor: Actor;
}

/** What to make of a factor as it is at the moment. */
export interface Decision<Result> {
  readonly result: Result;
  /** What it becomes, with the event that tells of it; left out where it stays as it is. */
  readonly write?: { readonly factor: Factor | undefined; readonly action: FactorAction };
}

/** The factors of a store, sealed on the way in and opened on the way out. */
export class Factors {
  readonly #store: FactorStore;
  readonly #ring: KeyRing;
  readonly #clock: Clock;

  constructor(store: FactorStore, ring: KeyRing, clock: Clock) {
    this.#store = store;
    this.#ring = ring;
    this.#clock = clock;
  }

  async read({ owner, actor }: Holder): Promise<Factor | undefined> {
    const ref = { owner, actorId: actor.id };
    return this.#open(ref, (await this.#find(ref))?.value);
  }

  /**
   * Decides on the factor and writes what comes of it, anew if another was faster: of several at
   * once, each is decided on what the one before has left. So a code that two present passes once,
   * and what is told of a code is told once its failure is counted.
   */
  async change<Result>(
    { owner, actor }: Holder,
    decide: (factor: Factor | undefined, now: number) => Decision<Result>,
  ): Promise<Result> {
    const ref = { owner, actorId: actor.id };
    return this.#attempt(async () => {
      const found = await this.#find(ref);
      const factor = await this.#open(ref, found?.value);
      const now = this.#clock.now();
      const { result, write } = decide(factor, now);
      if (write === undefined) return { result };
      const value = write.factor && (await sealFactor(this.#ring, ref, write.factor));
      const change = { seen: found?.version, value, action: write.action };
      const written = await reached(this.#store.write(ref, change, { at: now, actor }));
      return written ? { result } : undefined;
    });
  }

  /** Takes a factor away, unopened, and tells whether there was one. */
  async remove(ref: FactorRef, action: FactorAction, trace: Omit<Trace, 'at'>): Promise<boolean> {
    return this.#attempt(async () => {
      const found = await this.#find(ref);
      if (found === undefined) return { result: false };
      const change = { seen: found.version, value: undefined, action };
      const at = this.#clock.now();
      const written = await reached(this.#store.write(ref, change, { at, ...trace }));
      return written ? { result: true } : undefined;
    });
  }

  #find(ref: FactorRef) {
    return reached(withDeadline(this.#store.read(ref), STORE_TIMEOUT_MS));
  }

  async #open(ref: FactorRef, value: string | undefined): Promise<Factor | undefined> {
    return value === undefined ? undefined : openFactor(this.#ring, ref, value);
  }

  async #attempt<Result>(
    work: () => Promise<{ readonly result: Result } | undefined>,
  ): Promise<Result> {
    for (let race = 0; race < MAX_RACES; race++) {
      const outcome = await work();
      if (outcome !== undefined) return outcome.result;
    }
    throw new KeywrightError('store_unavailable', 'the second factor lost every race');
  }
}

/** By the contract of stores, what rejects with no code of its own is a store that failed. */
async function reached<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (isKeywrightError(cause)) throw cause;
    throw new KeywrightError('store_unavailable', 'the store of second factors failed', { cause });
  }
}
