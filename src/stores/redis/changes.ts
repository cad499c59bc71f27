import { KeywrightError } from '../../errors.ts';
import { retrying } from '../retry.ts';
import type { Barrier } from './barrier.ts';
import type { Driver } from './client.ts';
import { type Change, commit } from './commit.ts';
import type { Names } from './names.ts';
import { Turns } from './turns.ts';

/** What a mutation comes to on the state that it has read. */
export interface Decision<Result> {
  readonly result: Result;
  /** What to write; nothing if left out. */
  readonly change?: Change;
  /** With nothing to write: whether to wait for caches all the same. */
  readonly settle?: boolean;
}

/** Runs mutations: reads, decides and writes, and does so again when it has lost a race. */
export class Changes {
  readonly #driver: Driver;
  readonly #names: Names;
  readonly #barrier: Barrier;
  readonly #turns = new Turns();

  constructor(driver: Driver, names: Names, barrier: Barrier) {
    this.#driver = driver;
    this.#names = names;
    this.#barrier = barrier;
  }

  /**
   * @param decide reads the head of the owner's chain first, and then all else
   * @returns the result, once no cache can still hold for valid what was before
   * @throws KeywrightError `digest_taken`; `store_unavailable` if every attempt lost its race
   */
  async make<Result>(owner: string, decide: () => Promise<Decision<Result>>): Promise<Result> {
    const lostRace = new KeywrightError('store_unavailable', 'the change lost every race');
    const { result, settled } = await this.#turns.run(owner, () =>
      retrying(
        () => this.#attempt(decide, lostRace),
        (error) => error === lostRace,
      ),
    );
    await settled();
    return result;
  }

  async #attempt<Result>(decide: () => Promise<Decision<Result>>, lostRace: KeywrightError) {
    const { result, change, settle = false } = await decide();
    if (change === undefined) {
      return { result, settled: async () => (settle ? this.#barrier.settled() : undefined) };
    }
    const made = await commit(this.#driver, this.#names, change);
    if (made === 'stale') throw lostRace;
    return {
      result,
      settled: async () => (made === 'made' ? undefined : this.#barrier.settle(made)),
    };
  }
}
