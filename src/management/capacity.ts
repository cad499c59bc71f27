import { defined } from '../json.ts';
import { MAX_PAGE } from '../limits.ts';
import type { KeyState } from '../record.ts';
import type { OwnerKeys } from '../service/contract.ts';
import { Refusal } from './refusal.ts';
import { Turns } from './turns.ts';

/** How many owners' counts are kept. Only an owner whose log is longer than the quota is counted. */
const MAX_COUNTS = 1000;

/** How many keys were alive when the newest event of the owner had this sequence. */
interface Count {
  readonly living: number;
  readonly sequence: number;
}

/**
 * Enforces the quota of living keys of each owner.
 *
 * Work that adds a living key runs one piece at a time for each owner, so one process never exceeds
 * the quota. N processes can exceed it by N − 1 keys.
 *
 * An event makes at most one key live. So the living keys are at most the last count plus one for each
 * event since, and before any count at most the number of events. Reading the newest event is one index
 * look-up, while counting reads every key: 7 µs against 240 µs for 100 keys in memory.
 */
export class Capacity {
  readonly #quota: number;
  readonly #counts = new Map<string, Count>();
  readonly #turns = new Turns();

  constructor(quota: number) {
    this.#quota = quota;
  }

  /** Runs work that may add a living key, after earlier such work of the same owner. */
  inTurn<Result>(owner: string, work: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(owner, work);
  }

  /** @throws Refusal `quota_reached` if the owner already has the quota of living keys. */
  assertRoom(owner: string, keys: OwnerKeys): Promise<void> {
    return this.#assertFewer(owner, keys, this.#quota);
  }

  /**
   * As {@link assertRoom}, for the successor of a living key. The limit is twice the quota, so that
   * every key can still be rotated when the quota is used up.
   */
  assertRoomToRotate(owner: string, keys: OwnerKeys): Promise<void> {
    return this.#assertFewer(owner, keys, 2 * this.#quota);
  }

  async #assertFewer(owner: string, keys: OwnerKeys, most: number): Promise<void> {
    const { items } = await keys.activity({ limit: 1 });
    const sequence = items[0]?.sequence ?? 0;
    const last = this.#counts.get(owner) ?? { living: 0, sequence: 0 };
    if (last.living + sequence - last.sequence < most) return;
    // The log is read before the keys: a key created in between counts twice, but is never missed.
    const living = await countLiving(keys, most);
    if (living >= most) {
      throw new Refusal(
        'quota_reached',
        `There are already ${most} living keys, which is the maximum.`,
      );
    }
    this.#keep(owner, { living, sequence });
  }

  #keep(owner: string, count: Count): void {
    this.#counts.delete(owner);
    this.#counts.set(owner, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_COUNTS && oldest !== undefined) this.#counts.delete(oldest);
  }
}

/** Counts the keys that are neither revoked nor expired, and stops once there are `most`. */
async function countLiving(keys: OwnerKeys, most: number): Promise<number> {
  const [active, disabled] = await Promise.all([
    countKeys(keys, 'active', most),
    countKeys(keys, 'disabled', most),
  ]);
  return active + disabled;
}

async function countKeys(keys: OwnerKeys, state: KeyState, most: number): Promise<number> {
  const limit = Math.min(most, MAX_PAGE);
  let total = 0;
  let cursor: string | undefined;
  do {
    const page = await keys.list(defined({ state, limit, cursor }));
    total += page.items.length;
    cursor = page.cursor;
  } while (cursor !== undefined && total < most);
  return total;
}
