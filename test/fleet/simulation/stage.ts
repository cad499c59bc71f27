import type { CachedStore } from 'keywright/cache';
import type {
  ChangeFeed,
  KeyStore,
  StoredKey,
  VerifiableKey,
} from '../../../src/stores/store-kit.ts';
import { storedKey } from '../../../src/testing/fixtures.ts';
import { Client } from './client.ts';
import { Scheduler, settle } from './scheduler.ts';
import type { Shipped } from './shipped.ts';

const BY = { at: 1, actor: { id: 'user_1' } };

/** A statement of the store that a process sends, by its name in the contract. */
type Statement = 'findByDigest' | 'poll' | 'acknowledge' | 'readMembers' | 'prune';

/** Holds a statement back before it is served, or its answer, until it is let go. */
class Gate {
  readonly open: Promise<void>;
  #release = () => {};

  constructor() {
    this.open = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release();
  }
}

/** A process whose statements a scenario holds back one by one. */
export interface Actor {
  /** Holds back the next one: its request, or its answer. */
  hold(statement: Statement, what: 'request' | 'answer'): Gate;
  /** From now on no statement of the feed gets through. */
  cutOff(): void;
  /** Statements of the feed get through again. */
  reconnect(): void;
  /** Looks a key up; gives whether it was accepted, once that is known. */
  find(key: StoredKey): Promise<boolean>;
  /** Revokes a key, and waits until that holds everywhere. */
  revoke(key: StoredKey): Promise<void>;
  readonly cache: CachedStore;
}

/** The memory store as it ships, on virtual time, and processes that reach it without loss. */
export class Stage {
  readonly #shipped: Shipped;
  readonly #scheduler = new Scheduler(1);
  readonly #store: KeyStore;
  #names = 0;

  constructor(shipped: Shipped) {
    this.#shipped = shipped;
    this.#store = shipped.memoryStore();
  }

  /** Lets all happen that does within so many milliseconds. */
  async advance(ms: number): Promise<void> {
    await settle(); // what has just been called must have been sent
    await this.#scheduler.runUntil(this.#scheduler.now + ms);
  }

  /** Lets time pass until something has settled, and gives what it came to. */
  async until<Result>(work: Promise<Result>): Promise<Result> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    for (let ms = 0; !isOver && ms < 60_000; ms++) await this.advance(1);
    if (!isOver) throw new Error('it has not settled within a minute of virtual time');
    return work;
  }

  async newKey(): Promise<StoredKey> {
    const key = storedKey({ owner: 'org_1', id: `key_${this.#names++}` });
    const changes = new this.#shipped.Changes(this.#store);
    await changes.make(this.#shipped.createRule(key.owner, () => key, BY));
    return key;
  }

  newActor(leaseMs: number): Actor {
    const store = this.#store;
    const client = new Client(
      this.#scheduler,
      {
        store,
        feed: store.changes as ChangeFeed,
        commit: (change) => store.commit(change),
        listeners: new Set(), // no hints: nothing rests on them
      },
      1,
    );
    client.weather.lossShare = 0;
    client.weather.longestWayMs = 0.2;
    const gates = new Map<string, Gate>();
    const reach = { isCutOff: false };
    const held = heldBack(client.store(), gates, reach);
    const settings = { leaseMs, maxKeys: 100, maxAgeMs: 600_000, acknowledge: true };
    const cache = this.#shipped.cachedStoreOn(
      held,
      settings,
      client.timing,
      () => `holder ${this.#names++}`,
    );
    // Changes go past the cache: a revoker learns of nothing by being a holder too.
    const changes = new this.#shipped.Changes(held, { timing: client.timing });
    return {
      cache,
      hold(statement, what) {
        const gate = new Gate();
        gates.set(`${statement} ${what}`, gate);
        return gate;
      },
      cutOff: () => {
        reach.isCutOff = true;
      },
      reconnect: () => {
        reach.isCutOff = false;
      },
      find: async ({ digest }) => {
        const found: VerifiableKey | undefined = await cache.findByDigest(digest, isActive);
        return found !== undefined && isActive(found);
      },
      revoke: async ({ id }) => {
        await changes.make(this.#shipped.revokeRule({ id }, BY));
      },
    };
  }
}

/** The store with gates before and after each statement. */
function heldBack(
  store: KeyStore,
  gates: Map<string, Gate>,
  reach: { readonly isCutOff: boolean },
): KeyStore {
  const pass = async (name: string) => {
    const gate = gates.get(name);
    gates.delete(name);
    await gate?.open;
  };
  const sent = async <Answer>(statement: Statement, serve: () => Promise<Answer>) => {
    if (reach.isCutOff && statement !== 'findByDigest') throw new Error('cut off');
    await pass(`${statement} request`);
    const answer = await serve();
    await pass(`${statement} answer`);
    return answer;
  };
  const feed = store.changes as ChangeFeed;
  return {
    ...store,
    findByDigest: (digest) => sent('findByDigest', async () => store.findByDigest(digest)),
    changes: {
      ...feed,
      poll: (holder) => sent('poll', () => feed.poll(holder)),
      acknowledge: (holder, total, ms) =>
        sent('acknowledge', () => feed.acknowledge(holder, total, ms)),
      readMembers: () => sent('readMembers', () => feed.readMembers()),
      prune: (holders, total) => sent('prune', () => feed.prune(holders, total)),
    },
  };
}

function isActive({ revokedAt }: Pick<VerifiableKey, 'revokedAt'>): boolean {
  return revokedAt === undefined;
}
