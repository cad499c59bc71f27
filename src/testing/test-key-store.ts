import type { KeyStore } from '../store.ts';
import { assert } from './assert.ts';
import type { TestRunner } from './runner.ts';
import { absence } from './store/absence.ts';
import { listActivity } from './store/activity.ts';
import { barrier } from './store/barrier.ts';
import { chain } from './store/chain.ts';
import { commit } from './store/commit.ts';
import { refusedCommit } from './store/commit-refused.ts';
import { deliveries, noDeliveries } from './store/deliveries.ts';
import { transactionDeliveries } from './store/deliveries-beside.ts';
import { dirty } from './store/dirty.ts';
import { factors } from './store/factors.ts';
import { changeFeed, noChangeFeed, noPush, push } from './store/feed.ts';
import { fields } from './store/fields.ts';
import { hold, holdBeside, noHold } from './store/hold.ts';
import { identity } from './store/identity.ts';
import { isolation } from './store/isolation.ts';
import { list } from './store/list.ts';
import { listAll } from './store/list-all.ts';
import { listAllFilters } from './store/list-all-filters.ts';
import { listFilters } from './store/list-filters.ts';
import { members } from './store/members.ts';
import { races } from './store/races.ts';
import {
  type Check,
  type DirtyConnection,
  type Subject,
  type Topic,
  unique,
} from './store/subject.ts';
import { noTransactions, transactions } from './store/transactions.ts';
import { transactionFeed, transactionsBeside } from './store/transactions-beside.ts';
import { recordUsage } from './store/usage.ts';
import { view } from './store/view.ts';

/** A store that was opened for a check. */
export interface OpenedStore {
  readonly store: KeyStore;
  /**
   * A second handle on the same data, as another process would have. The suite then checks the changes of
   * one handle through the other, and races run on both. Default: `store`.
   */
  readonly other?: KeyStore;
  /** Called after the check, whether it passed or failed. */
  readonly close?: () => Promise<void> | void;
}

/** The optional parts of the contract that a store has. */
export interface StoreTraits<Opened extends OpenedStore = OpenedStore> {
  /**
   * Whether the store has `changes` with `subscribe` (`push`), without it (`poll`), or no `changes` at all
   * (`none`). Default `push`.
   */
  readonly changes?: 'push' | 'poll' | 'none';
  /** Whether the store has `hold`. Default `false`. */
  readonly hold?: boolean;
  /** Whether the store has `deliveries`. Default `true`. */
  readonly deliveries?: boolean;
  /**
   * For a store with `join`: begins a transaction of the application on the database of the opened store,
   * and passes it to `work` in the type that the store joins. It commits if `work` resolves. If `work`
   * rejects, it rolls back and rejects with the same error. Without it, the store must have no `join`.
   */
  readonly transact?: (
    opened: Opened,
    work: (transaction: unknown) => Promise<void>,
  ) => Promise<void>;
  /**
   * Whether a hold or an open transaction blocks the changes of all owners, as in SQLite and PGlite, and
   * not only those of the same owner. Default `false`.
   */
  readonly exclusive?: boolean;
  /**
   * For a store on pooled connections: states that an earlier user can leave a connection in, such as
   * an open transaction with an old snapshot, or another `search_path`.
   */
  readonly dirty?: (
    opened: Opened,
  ) => Promise<readonly DirtyConnection[]> | readonly DirtyConnection[];
  /** How often each race runs. Default 5. */
  readonly rounds?: number;
}

/** The time limit of a check. A race makes many commits, perhaps on a distant server. */
const TIMEOUT_MS = 60_000;

/**
 * The conformance suite of the {@link KeyStore} contract. A store that passes it meets the contract, as far
 * as tests can show.
 *
 * The suite calls `open` before each check. `open` may return a new, empty store each time, or the same store
 * every time if it is empty at first: each check has its own owners, ids and digests. Checks of one store
 * must not run concurrently; test runners run them in sequence by default.
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
 * @example A store on a database, opened by two handles.
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

function topicsFor(traits: StoreTraits<never>): Readonly<Record<string, Topic>> {
  const { hold: canHold = false, transact, exclusive = false } = traits;
  return {
    fields,
    identity,
    absence,
    view,
    commit,
    'refused commit': refusedCommit,
    'second factors': factors,
    recordUsage,
    list,
    'filters of list': listFilters,
    listAll,
    'filters of listAll': listAllFilters,
    listActivity,
    'the chain': chain,
    isolation,
    races,
    hold: canHold ? { ...hold, ...(exclusive ? {} : holdBeside) } : noHold,
    'transactions of the application':
      transact === undefined
        ? noTransactions
        : { ...transactions, ...(exclusive ? {} : transactionsBeside) },
    ...deliveryTopicsFor(traits),
    ...feedTopicsFor(traits),
    ...(traits.dirty === undefined ? {} : { 'dirty connections': dirty }),
  };
}

function deliveryTopicsFor({
  deliveries: delivers = true,
  transact,
  exclusive = false,
}: StoreTraits<never>): Readonly<Record<string, Topic>> {
  if (!delivers) return { deliveries: noDeliveries };
  const isBeside = transact !== undefined && !exclusive;
  return {
    deliveries,
    ...(isBeside ? { 'transactions and deliveries': transactionDeliveries } : {}),
  };
}

function feedTopicsFor({
  changes = 'push',
  transact,
}: StoreTraits<never>): Readonly<Record<string, Topic>> {
  if (changes === 'none') return { 'the change feed': noChangeFeed };
  return {
    'the change feed': changeFeed,
    'the push': changes === 'push' ? push : noPush,
    'members of the feed': members,
    'the barrier': barrier,
    ...(transact === undefined ? {} : { 'transactions and the change feed': transactionFeed }),
  };
}

async function runCheck<Opened extends OpenedStore>(
  open: () => Promise<Opened> | Opened,
  traits: StoreTraits<Opened>,
  check: Check,
): Promise<void> {
  const opened = await open();
  const { store, other = store } = opened;
  assert(typeof store?.findByDigest === 'function', 'open returns an object with a `store`');
  try {
    const subject: Subject = {
      ...{ store, other, rounds: traits.rounds ?? 5, owner: unique('org') },
      transact: (work) => transacted(traits.transact, opened, work),
      dirty: (await traits.dirty?.(opened)) ?? [],
    };
    await check(subject);
  } catch (failure) {
    // An error on closing must not hide why the check failed.
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
  assert(begun, 'transact runs its work');
}
