import type {
  Change,
  ChangeFeed,
  CommitResult,
  FeedShard,
  KeyStore,
} from '../../../src/stores/store-kit.ts';
import type { Scheduler } from './scheduler.ts';

/** Two shards for plain changes and two for joined ones, as PostgreSQL has 64 of each. */
const PLAIN = 2;

/** What a failover may take away: all that was not yet on the standby. */
interface Saved {
  readonly shards: readonly FeedShard[];
  readonly commits: readonly Change[];
}

/**
 * The database of the simulation: the memory store's tables behind a sharded feed, with failovers.
 * Its methods run at one moment each, when the request arrives.
 */
export class Server {
  readonly #scheduler: Scheduler;
  readonly #open: () => KeyStore;
  #store: KeyStore;
  #epoch = 1;
  #shards: FeedShard[] = [];
  #members = new Map<string, number>();
  #watchedMs = 0;
  #settled: string | undefined;
  #commits: Change[] = [];
  #saved: Saved;
  #marks = 0;
  readonly listeners = new Set<() => void>();
  /** Called once, after the next commit. */
  afterCommit: (() => void) | undefined;

  constructor(scheduler: Scheduler, open: () => KeyStore) {
    this.#scheduler = scheduler;
    this.#open = open;
    this.#store = open();
    for (let shard = 0; shard < 2 * PLAIN; shard++) {
      this.#shards.push({ shard, generation: 0, mark: '0'.repeat(16), recent: [] });
    }
    this.#saved = this.#state();
  }

  get store(): Pick<KeyStore, 'findByDigest' | 'view' | 'find'> {
    return this.#store;
  }

  /** @param isAsynchronous whether a failover may lose it, as with `synchronous_commit = off` */
  async commit(change: Change, isJoined = false, isAsynchronous = false): Promise<CommitResult> {
    const result = await this.#store.commit(change);
    if (result.status !== 'committed') return result;
    this.#commits.push(change);
    this.#raise(shardOf(change.owner) + (isJoined ? PLAIN : 0), change.purged);
    if (!isAsynchronous) this.#saved = this.#state();
    this.afterCommit?.();
    this.afterCommit = undefined;
    return { status: 'committed', watchedMs: this.#watchedMs };
  }

  /** Another server takes over: without asynchronous changes, and perhaps without members. */
  async failOver(): Promise<void> {
    this.#epoch++;
    if (this.#scheduler.chance() < 0.5) this.#members.clear();
    this.#shards = [...this.#saved.shards];
    this.#commits = [...this.#saved.commits];
    this.#store = this.#open();
    for (const change of this.#commits) await this.#store.commit(change);
  }

  readonly feed: Omit<ChangeFeed, 'subscribe'> = {
    shardsOf: (owner) => [shardOf(owner), shardOf(owner) + PLAIN],
    poll: async (holder) => {
      const acked = this.#members.get(holder);
      const poll = { total: this.#total, marks: this.#marksOfAll, epoch: `${this.#epoch}` };
      return acked === undefined ? poll : { ...poll, acked };
    },
    read: async (seen) => ({
      epoch: `${this.#epoch}`,
      shards: this.#shards.filter(({ shard, generation }) => seen.get(shard) !== generation),
    }),
    acknowledge: async (holder, total) => {
      this.#members.set(holder, Math.max(this.#members.get(holder) ?? 0, total));
    },
    leave: async (holder) => {
      this.#members.delete(holder);
    },
    register: async (leaseMs) => {
      if (this.#watchedMs === 0) this.#settled = `${this.#epoch}`;
      this.#watchedMs = Math.max(this.#watchedMs, leaseMs);
    },
    hint: async () => {
      for (const listener of this.listeners) listener();
    },
    readMembers: async () => ({
      total: this.#total,
      members: Array.from(this.#members, ([holder, acked]) => ({ holder, acked })),
      maxLeaseMs: this.#watchedMs,
      epoch: `${this.#epoch}`,
      ...(this.#settled === undefined ? {} : { settled: this.#settled }),
    }),
    prune: async (holders, total) => {
      for (const holder of holders) {
        if ((this.#members.get(holder) ?? total) < total) this.#members.delete(holder);
      }
    },
    settle: async (epoch) => {
      this.#settled = epoch;
    },
  };

  get #total(): number {
    return this.#shards.reduce((sum, { generation }) => sum + generation, 0);
  }

  get #marksOfAll(): string {
    const marks = this.#shards.reduce((all, { mark }) => all ^ BigInt(`0x${mark}`), 0n);
    return marks.toString(16).padStart(16, '0');
  }

  #raise(index: number, purged: readonly string[]): void {
    if (purged.length === 0) return;
    const { shard, generation, recent } = this.#shards[index] as FeedShard;
    this.#shards[index] = {
      shard,
      generation: generation + purged.length,
      mark: (++this.#marks).toString(16).padStart(16, '0'),
      recent: [...purged, ...recent].slice(0, 4), // short, so that lists overflow often
    };
  }

  #state(): Saved {
    return { shards: [...this.#shards], commits: [...this.#commits] };
  }
}

function shardOf(owner: string): number {
  return Number(owner.at(-1)) % PLAIN;
}
