import type { KeyStore } from '../store.ts';
import { assert } from './assert.ts';
import type { TestRunner } from './runner.ts';
import { absence } from './store/absence.ts';
import { listActivity } from './store/activity.ts';
import { barrier } from './store/barrier.ts';
import { chain } from './store/chain.ts';
import { changeFeed, noChangeFeed, noPush, push } from './store/change-feed.ts';
import { create } from './store/create.ts';
import { eraseActor } from './store/erasure.ts';
import { factorRaces } from './store/factor-races.ts';
import { factors, noFactors } from './store/factors.ts';
import { fields } from './store/fields.ts';
import { identity } from './store/identity.ts';
import { isolation } from './store/isolation.ts';
import { list } from './store/list.ts';
import { listFilters } from './store/list-filters.ts';
import { races } from './store/races.ts';
import { revoke, revokeAll } from './store/revoke.ts';
import { rotate } from './store/rotate.ts';
import { rotationRaces } from './store/rotation-races.ts';
import { type Check, type Subject, type Topic, unique } from './store/subject.ts';
import { noTransactions, transactionFeed, transactions } from './store/transactions.ts';
import { update } from './store/update.ts';
import { upgradeDigest } from './store/upgrade-digest.ts';
import { recordUsage } from './store/usage.ts';

/** A store that was opened for a check. */
export interface OpenedStore {
  readonly store: KeyStore;
  /**
   * A second handle on the same data, as another process would have it. What one does is then
   * looked at through the other, and races run over both. Without it, both are `store`.
   */
  readonly other?: KeyStore;
  /** Called once the check is over, whatever came of it. */
  readonly close?: () => Promise<void> | void;
}

/** What a store says of itself. */
export interface StoreTraits<Opened extends OpenedStore = OpenedStore> {
  /**
   * Whether the store has `changes`, and whether with `subscribe` (`push`) or without (`poll`).
   * Default `push`.
   */
  readonly changes?: 'push' | 'poll' | 'none';
  /** Whether the store has `factors`. Default `true`. */
  readonly factors?: boolean;
  /**
   * For a store that joins transactions of the host: begins one on the opened store's database,
   * hands it to `work` in the type that the store takes, commits if `work` resolves, and rolls back
   * and rejects with the same error if it rejects. Without it, the store must refuse to join any.
   */
  readonly transact?: (
    opened: Opened,
    work: (transaction: unknown) => Promise<void>,
  ) => Promise<void>;
  /** How often each race is run. Default 5. */
  readonly rounds?: number;
}

/** Milliseconds for a check: a race is many commits, on a server far away. */
const TIMEOUT_MS = 60_000;

/**
 * The conformance suite of the {@link KeyStore} contract. A store that passes it keeps what
 * `KeyStore` promises, as far as tests can tell.
 *
 * `open` is called before each check. It gives an empty store; or one that it gave before, empty
 * at the first check: each check has owners, ids and digests of its own. Checks of one store must
 * not run at the same time, which is what runners do unless they are told otherwise.
 *
 * @param runner `describe` and `it` of vitest, Jest, Bun or `node:test`
 *
 * @example
 * ```ts
 * import { describe, it } from 'vitest';
 * import { memoryStore } from 'keywright';
 * import { testKeyStore } from 'keywright/testing';
 *
 * testKeyStore(() => ({ store: memoryStore() }), { describe, it });
 * ```
 *
 * @example A store on a database that two handles reach.
 * ```ts
 * testKeyStore(
 *   async () => {
 *     const database = await freshDatabase();
 *     const [store, other] = [myStore(database.pool()), myStore(database.pool())];
 *     return { store, other, database, close: () => database.drop() };
 *   },
 *   { describe, it },
 *   { changes: 'poll', transact: ({ database }, work) => database.transaction(work) },
 * );
 * ```
 */
export function testKeyStore<Opened extends OpenedStore>(
  open: () => Promise<Opened> | Opened,
  { describe, it }: TestRunner,
  traits: StoreTraits<Opened> = {},
): void {
  for (const [name, topic] of Object.entries(topicsFor(traits))) {
    describe(name, () => {
      for (const [claim, check] of Object.entries(topic)) {
        it(claim, () => runCheck(open, traits, check), TIMEOUT_MS);
      }
    });
  }
}

function topicsFor({
  changes = 'push',
  factors: hasFactors = true,
  transact,
}: StoreTraits<never>): Readonly<Record<string, Topic>> {
  const topics = {
    fields,
    identity,
    absence,
    create,
    update,
    rotate,
    revoke,
    revokeAll,
    recordUsage,
    upgradeDigest,
    eraseActor,
    list,
    'filters of list': listFilters,
    listActivity,
    'the chain': chain,
    isolation,
    races,
    'races of rotation': rotationRaces,
    ...(hasFactors ? { factors, 'races of factors': factorRaces } : { factors: noFactors }),
    'transactions of the host': transact === undefined ? noTransactions : transactions,
  };
  if (changes === 'none') return { ...topics, 'the change feed': noChangeFeed };
  return {
    ...topics,
    'the change feed': changeFeed,
    'the push': changes === 'push' ? push : noPush,
    'the barrier': barrier,
    ...(transact === undefined ? {} : { 'transactions and the change feed': transactionFeed }),
  };
}

async function runCheck<Opened extends OpenedStore>(
  open: () => Promise<Opened> | Opened,
  { transact, rounds = 5 }: StoreTraits<Opened>,
  check: Check,
): Promise<void> {
  const opened = await open();
  const { store, other = store } = opened;
  assert(typeof store?.findByDigest === 'function', 'open gives an object whose `store` is one');
  const subject: Subject = {
    ...{ store, other, rounds, owner: unique('org') },
    transact: (work) => transacted(transact, opened, work),
  };
  try {
    await check(subject);
  } catch (failure) {
    // What closing a failed store throws would hide why it failed.
    await Promise.resolve(opened.close?.()).catch(() => {});
    throw failure;
  }
  await opened.close?.();
}

async function transacted<Opened extends OpenedStore>(
  transact: StoreTraits<Opened>['transact'],
  opened: Opened,
  work: (transaction: unknown) => Promise<void>,
): Promise<void> {
  let begun = false;
  await transact?.(opened, async (transaction) => {
    begun = true;
    await work(transaction);
  });
  assert(begun, 'transact begins the work that it is given');
}
