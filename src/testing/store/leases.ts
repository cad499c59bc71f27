import { monotonicMs } from '../../clock.ts';
import type { ChangeFeed, KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { unique } from './subject.ts';

/** How long a check waits for what should come soon. */
export const SOON_MS = 3_000;
/** How long a check watches that something does not come. */
const WATCH_MS = 60;

/** A lease that is held. */
export interface Held {
  readonly holder: string;
  /** The generation under which it was granted. */
  readonly generation: number;
  /** The moment before it was asked for, on the monotonic clock. */
  readonly since: number;
}

export function feedOf(store: KeyStore): ChangeFeed {
  assert(store.changes !== undefined, 'the store has a change feed');
  return store.changes;
}

/** The generation of the moment. */
export function generationOf(store: KeyStore): Promise<number> {
  return feedOf(store).lease(unique('observer'), -1, 1);
}

/** Runs `body` while a new holder has a lease, which is given back in any case. */
export async function holding(
  store: KeyStore,
  leaseMs: number,
  body: (held: Held) => Promise<void>,
): Promise<void> {
  const holder = unique('holder');
  const feed = feedOf(store);
  const generation = await generationOf(store);
  const since = monotonicMs();
  try {
    assertEqual(await feed.lease(holder, generation, leaseMs), generation, 'the lease is granted');
    await body({ holder, generation, since });
  } finally {
    await feed.release(holder);
  }
}

/** Waits until the condition holds, and fails if it does not soon. */
export async function until(condition: () => boolean | Promise<boolean>, claim: string) {
  const end = monotonicMs() + SOON_MS;
  while (!(await condition())) {
    assert(monotonicMs() < end, `${claim} within ${SOON_MS} ms`);
    await pause(5);
  }
}

/** Waits until the store has a later generation, and is back the moment that it is seen. */
export async function untilRaised(store: KeyStore, generation: number): Promise<void> {
  const end = monotonicMs() + SOON_MS;
  while ((await generationOf(store)) <= generation) {
    assert(monotonicMs() < end, `the generation is raised within ${SOON_MS} ms`);
  }
}

/** Something that was begun and is watched. */
export class Begun {
  readonly #what: string;
  readonly #outcome: Promise<void>;
  #endedAt: number | undefined;

  constructor(what: string, work: Promise<unknown>) {
    this.#what = what;
    this.#outcome = work.then(() => {
      this.#endedAt = monotonicMs();
    });
    this.#outcome.catch(() => {}); // it is looked at later, if at all
  }

  /** Fails if it ends. */
  async waits(): Promise<void> {
    await settled(this.#outcome, WATCH_MS);
    assert(this.#endedAt === undefined, `${this.#what} waits for the lease`);
  }

  /** Fails unless it ends soon; gives the moment at which it did. */
  async ends(withinMs = SOON_MS): Promise<number> {
    await settled(this.#outcome, withinMs);
    assert(this.#endedAt !== undefined, `${this.#what} ends within ${withinMs} ms`);
    return this.#endedAt;
  }
}

/** Waits until the work is done, but no longer than so many milliseconds. */
async function settled(work: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
