import { type Clock, systemClock, systemTiming, type Timing } from '../clock.ts';
import { withDeadline } from '../deadline.ts';
import { hasCode, invalid, KeywrightError } from '../errors.ts';
import type { ChainHead } from '../record.ts';
import { retrying } from '../retry.ts';
import type { Change, ChangeScope, CommitResult, KeyStore, View, ViewQuery } from '../store.ts';
import { Barrier, type ChangeEffect, effectiveAt } from './barrier.ts';
import { BoundedChange, changeFailure } from './bounded-change.ts';
import { KnownHeads } from './known-heads.ts';
import { OwnerQueue, type Queue } from './owner-queue.ts';
import type { ChangeRule, Decision } from './rule.ts';
import { headOf, sealDraft } from './seal.ts';

/** Which transaction a change joins, and what it waits for. */
export interface MakeOptions {
  /** A transaction of the application, of the type that the store's client has. */
  readonly transaction?: unknown;
  /**
   * `everywhere` (default) waits until the change takes effect in every process. `commit` does not wait
   * for that. A number waits for at most that many milliseconds.
   */
  readonly wait?: Wait | undefined;
}

type Wait = 'everywhere' | 'commit' | number;

/** Options of {@link Changes}. */
export interface ChangesOptions {
  /** Default: the wall clock. */
  readonly clock?: Clock;
  /** Milliseconds after which a view that has not been read counts as failed. Default 2,000. */
  readonly viewTimeoutMs?: number;
  /**
   * Milliseconds after which a change that has not committed rejects. Does not bound a change that joins
   * a transaction of the application. Default 30,000.
   */
  readonly changeTimeoutMs?: number;
  /** Default: the clocks and timers of the runtime. */
  readonly timing?: Timing;
}

/** The result of a change, and when it takes effect. */
export interface ChangeOutcome<Result> {
  readonly result: Result;
  readonly effect: ChangeEffect;
}

// A taken digest means that the random source repeats itself: another draw may help, many will not.
const DRAWS = 3;

/** A decision and, unless there was nothing to write, the committed change. */
interface Attempt<Result> {
  readonly decision: Decision<Result>;
  readonly committed?: { readonly change: Change; readonly watchedMs: number };
}

/** The result of a commit that lost a race, with the current head if the store read it. */
type Stale = Extract<CommitResult, { status: 'stale' }>;

/**
 * Makes changes on a store: reads the view of a rule, lets the rule decide on it, and commits the
 * decision. Retries if another change committed in between.
 *
 * Within a process, plain changes of one owner run one after another. After one lost race, and at once
 * for bulk changes, the store holds the owner while the change is decided and committed. So it does for the
 * next one in the queue, as long as another process changes the owner too.
 */
export class Changes {
  readonly #store: KeyStore;
  readonly #clock: Clock;
  readonly #viewTimeoutMs: number;
  readonly #changeTimeoutMs: number;
  readonly #timing: Timing;
  readonly #barrier: Barrier | undefined;
  readonly #heads = new KnownHeads();
  readonly #queue = new OwnerQueue();

  constructor(store: KeyStore, options: ChangesOptions = {}) {
    const { clock = systemClock, timing = systemTiming } = options;
    const { viewTimeoutMs = 2000, changeTimeoutMs = 30_000 } = options;
    this.#store = store;
    this.#clock = clock;
    this.#viewTimeoutMs = viewTimeoutMs;
    this.#changeTimeoutMs = changeTimeoutMs;
    this.#timing = timing;
    this.#barrier = store.changes && new Barrier(store.changes, clock, timing);
  }

  /**
   * @throws KeywrightError the error of the rule; `digest_taken`; `change_contended` if other changes
   * of the owner kept it from committing; `invalid_argument` for a transaction that cannot be joined;
   * `store_unavailable`, with `indeterminate: true` if the change may have been made
   */
  async make<Result>(
    rule: ChangeRule<Result>,
    options: MakeOptions = {},
  ): Promise<ChangeOutcome<Result>> {
    const { transaction, wait = 'everywhere' } = options;
    if (transaction !== undefined) return this.#join(transaction, rule);
    const bound = new BoundedChange(this.#changeTimeoutMs);
    const { decision, committed } = await bound.run(() => this.#plain(rule, bound));
    const { result, awaitsCaches = false } = decision;
    const waitMs = awaitsCaches ? millisecondsOf(wait) : 0;
    const purges = committed !== undefined && committed.change.purged.length > 0;
    const watchedMs = purges ? committed.watchedMs : undefined;
    if (this.#barrier === undefined || !(awaitsCaches || purges)) {
      return { result, effect: effectiveAt(this.#clock) };
    }
    return { result, effect: await this.#barrier.pass(watchedMs, waitMs) };
  }

  /**
   * Resolves once all changes that have committed by now take effect in every process. One call waits for
   * many changes that were made with `wait: 'commit'`.
   *
   * @throws KeywrightError `store_unavailable` if the store cannot read which caches there are
   */
  async settle(): Promise<ChangeEffect> {
    return (
      (await this.#barrier?.pass(undefined, Number.POSITIVE_INFINITY)) ?? effectiveAt(this.#clock)
    );
  }

  async #plain<Result>(rule: ChangeRule<Result>, bound: BoundedChange): Promise<Attempt<Result>> {
    let { owner } = rule.query;
    let seen: View | undefined;
    if (owner === undefined) {
      seen = await this.#view(this.#store, rule.query);
      owner = seen.keys[0]?.owner;
      if (owner === undefined) return { decision: await rule.decide(seen) };
    }
    // A change that had to wait for another one of the owner reads its view again.
    return this.#queue.run(owner, (queue, waited) =>
      bound.until(this.#race(owner, rule, bound, queue, waited ? undefined : seen)),
    );
  }

  /** Does not wait in the queue, whose first change may itself wait for this transaction. */
  async #join<Result>(
    transaction: unknown,
    rule: ChangeRule<Result>,
  ): Promise<ChangeOutcome<Result>> {
    if (this.#store.join === undefined) {
      throw invalid('transaction', 'is not supported by this store');
    }
    const attempt = await this.#store
      .join(transaction, (joined) => this.#attempt(joined, rule))
      .catch((error: unknown) => {
        throw changeFailure(error);
      });
    const { result } = expectNotStale(attempt).decision;
    // It takes effect within one lease of the application's commit, whose time is not known here.
    return { result, effect: { acknowledged: 0, timedOut: 0 } };
  }

  /**
   * Tries without a hold first, except for bulk changes, and while another process changes the owner too:
   * eight processes then make 1.3 times as many changes of one owner.
   */
  async #race<Result>(
    owner: string,
    rule: ChangeRule<Result>,
    bound: BoundedChange,
    queue: Queue,
    seen?: View,
  ): Promise<Attempt<Result>> {
    try {
      const known = this.#heads.get(owner);
      const isHeldAtOnce = rule.isBulk || queue.isContended;
      const attempt = isHeldAtOnce ? undefined : await this.#tryUnheld(owner, rule, bound, seen);
      const won =
        attempt ?? (await retrying(() => this.#held(owner, rule, bound), isLostRace, this.#timing));
      if (won.committed) {
        const { change } = won.committed;
        queue.isContended = !attempt && change.head.digest !== known?.digest;
        this.#heads.set(owner, headOf(change));
      }
      return won;
    } catch (error) {
      this.#heads.delete(owner);
      throw error;
    }
  }

  /** One attempt without a hold, on the given view or a remembered head; `undefined` if it lost a race. */
  async #tryUnheld<Result>(
    owner: string,
    rule: ChangeRule<Result>,
    bound: BoundedChange,
    seen: View | undefined,
  ): Promise<Attempt<Result> | undefined> {
    const known = rule.query.kind === 'owner' ? this.#heads.get(owner) : undefined;
    const store = bound.scope(this.#store);
    const attempt = await this.#attempt(store, rule, seen ?? viewOf(known));
    if (!('status' in attempt)) return attempt;
    if (known === undefined) return undefined;
    // A stale head that was only remembered does not count as a lost race.
    const again = await this.#attempt(store, rule, viewOf(attempt.head));
    return 'status' in again ? undefined : again;
  }

  async #held<Result>(
    owner: string,
    rule: ChangeRule<Result>,
    bound: BoundedChange,
  ): Promise<Attempt<Result>> {
    bound.restart();
    const work = (scope: ChangeScope) => this.#attempt(bound.scope(scope), rule);
    const attempt = await (this.#store.hold?.(owner, work) ?? work(this.#store));
    return expectNotStale(attempt);
  }

  /** Reads, decides and commits once. */
  async #attempt<Result>(
    scope: ChangeScope,
    rule: ChangeRule<Result>,
    seen?: View,
  ): Promise<Attempt<Result> | Stale> {
    const view = seen ?? (await this.#view(scope, rule.query, rule.isBulk));
    for (let draw = 1; ; draw++) {
      const decision = await rule.decide(view);
      const owner = rule.query.owner ?? view.keys[0]?.owner;
      if (decision.draft === undefined || owner === undefined) return { decision };
      const change = sealDraft(owner, view.head, decision.draft);
      const committed = await scope.commit(change);
      if (committed.status === 'stale') return committed;
      if (committed.status === 'committed') {
        return { decision, committed: { change, watchedMs: committed.watchedMs } };
      }
      if (draw === DRAWS) {
        throw new KeywrightError('digest_taken', 'another key has this digest or id');
      }
    }
  }

  /** A bulk view has no deadline: how long it takes depends on the number of rows. */
  #view(scope: ChangeScope, query: ViewQuery, isBulk = false): Promise<View> {
    const view = scope.view(query);
    return isBulk ? view : withDeadline(view, this.#viewTimeoutMs);
  }
}

function millisecondsOf(wait: Wait): number {
  if (typeof wait === 'number') return wait;
  return wait === 'everywhere' ? Number.POSITIVE_INFINITY : 0;
}

/** @throws KeywrightError `change_contended` if the attempt lost a race to another change */
function expectNotStale<Result>(attempt: Attempt<Result> | Stale): Attempt<Result> {
  if ('status' in attempt) {
    throw new KeywrightError('change_contended', 'another change came first');
  }
  return attempt;
}

function isLostRace(error: unknown): boolean {
  return hasCode(error, 'change_contended');
}

function viewOf(head: ChainHead | undefined): View | undefined {
  return head && { head, keys: [], events: [] };
}
