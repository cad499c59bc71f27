import type { CachedStore } from 'keywright/cache';
import type { KeyStore, StoredKey, VerifiableKey } from '../../../src/stores/store-kit.ts';
import { storedKey } from '../../../src/testing/fixtures.ts';
import { Client } from './client.ts';
import { Scheduler } from './scheduler.ts';
import { Server } from './server.ts';
import type { Shipped } from './shipped.ts';
import { troublesOf } from './troubles.ts';

const LEASE_MS = 300;
const DURATION_MS = 4000;
const PROCESSES = 2;
const KEYS = 3;
const OWNERS = ['org_0', 'org_1', 'org_2'];
const BY = { at: 1, actor: { id: 'user_1' } };

/** What a run came to. */
export interface SimulationResult {
  /** Accepts that began after the revocation of their key had resolved, each in words. */
  readonly letIn: readonly string[];
  readonly revocations: number;
  readonly hits: number;
  readonly lookups: number;
}

interface Process {
  readonly name: string;
  readonly client: Client;
  readonly cache: CachedStore;
  readonly revoke: (key: StoredKey) => Promise<void>;
  readonly touch: (key: StoredKey, joined: boolean) => void;
}

/** One run of a seed: processes that verify and revoke, and what goes wrong meanwhile. */
export async function runSeed(shipped: Shipped, seed: number): Promise<SimulationResult> {
  const scheduler = new Scheduler(seed);
  const server = new Server(scheduler, shipped.memoryStore);
  const run = new Run(shipped, scheduler, server);
  await run.prepare();
  run.begin();
  await scheduler.runUntil(DURATION_MS);
  return run.result();
}

class Run {
  readonly #shipped: Shipped;
  readonly #scheduler: Scheduler;
  readonly #server: Server;
  readonly #processes: Process[] = [];
  #keys: StoredKey[] = [];
  /** When the revocation of a key resolved, by the order of all that happens. */
  readonly #resolved = new Map<string, number>();
  readonly #letIn: string[] = [];
  #lookups = 0;
  #names = 0;
  #hits = 0;

  constructor(shipped: Shipped, scheduler: Scheduler, server: Server) {
    this.#shipped = shipped;
    this.#scheduler = scheduler;
    this.#server = server;
  }

  async prepare(): Promise<void> {
    for (let i = 0; i < KEYS; i++) await this.#addKey();
    for (let i = 0; i < PROCESSES; i++) this.#processes.push(this.#newProcess());
  }

  begin(): void {
    for (let i = 0; i < PROCESSES; i++) this.#verifyForever(i);
    this.#changeForever();
    this.#disturbForever();
  }

  result(): SimulationResult {
    for (const { cache } of this.#processes) this.#hits += cache.status().hits;
    return {
      letIn: this.#letIn,
      revocations: this.#resolved.size,
      hits: this.#hits,
      lookups: this.#lookups,
    };
  }

  async #addKey(): Promise<void> {
    const key = storedKey({ owner: this.#scheduler.pick(OWNERS), id: `key_${this.#names++}` });
    const rule = this.#shipped.createRule(key.owner, () => key, BY);
    await this.#changes(this.#serverStore()).make(rule);
    this.#keys.push(key);
  }

  #newProcess(): Process {
    const scheduler = this.#scheduler;
    const client = new Client(scheduler, this.#server, scheduler.between(0.91, 1.09));
    const settings = { leaseMs: LEASE_MS, maxKeys: 100, maxAgeMs: 60_000, acknowledge: true };
    const isSilent = scheduler.chance() < 0.1;
    const name = `process ${this.#names++}`;
    const cache = this.#shipped.cachedStoreOn(
      client.store(),
      { ...settings, acknowledge: !isSilent },
      client.timing,
      () => `${name} holder ${this.#names++}`,
    );
    const changes = this.#changes(cache, client);
    return {
      name,
      client,
      cache,
      revoke: async (key) => {
        await changes.make(this.#shipped.revokeRule({ id: key.id }, BY));
      },
      touch: (key, joined) => this.#touch(key, joined),
    };
  }

  /** Look-ups begin at random moments, mostly of the keys that were just revoked. */
  #verifyForever(index: number): void {
    const { client, cache, name } = this.#processes[index] as Process;
    this.#scheduler.after(this.#scheduler.between(1, 30), () => {
      if (client.isRunning) this.#verify(cache, name, this.#scheduler.pick(this.#keys));
      this.#verifyForever(index);
    });
  }

  #verify(cache: CachedStore, name: string, { digest, id }: StoredKey): void {
    const began = this.#scheduler.tick();
    const at = this.#scheduler.now;
    this.#lookups++;
    const judge = (key: VerifiableKey | undefined) => {
      const resolved = this.#resolved.get(id);
      if (key !== undefined && isActive(key) && resolved !== undefined && resolved < began) {
        this.#letIn.push(`${name} accepted ${id} at ${at.toFixed(1)} ms`);
      }
    };
    const found = cache.findByDigest(digest, isActive);
    if (found instanceof Promise) found.then(judge, () => {});
    else judge(found);
  }

  #changeForever(): void {
    // Mostly in a hurry, and now and then so calm that a lease runs out between two changes.
    const isCalm = this.#scheduler.chance() < 0.2;
    const pause = isCalm ? this.#scheduler.between(300, 900) : this.#scheduler.between(10, 100);
    this.#scheduler.after(pause, () => {
      const process = this.#scheduler.pick(this.#processes);
      const key = this.#scheduler.pick(this.#keys);
      if (process.client.isRunning) {
        if (this.#scheduler.chance() < 0.4) this.#revoke(process, key);
        else process.touch(key, this.#scheduler.chance() < 0.4);
      }
      this.#changeForever();
    });
  }

  #revoke({ revoke }: Process, key: StoredKey): void {
    revoke(key).then(
      () => {
        if (!this.#resolved.has(key.id)) this.#resolved.set(key.id, this.#scheduler.tick());
        this.#tryEverywhere(key);
        // Revoked keys stay among those that are asked for, but new ones come.
        void this.#addKey().then(() => {
          if (this.#keys.length > 3 * KEYS) this.#keys = this.#keys.slice(-2 * KEYS);
        });
      },
      () => {}, // it may have been made; nothing was promised
    );
  }

  /** Every process is asked for the key at once, and again within the next lease. */
  #tryEverywhere(key: StoredKey): void {
    for (const { client, cache, name } of this.#processes) {
      for (const delay of [0, 1, this.#scheduler.between(2, LEASE_MS), LEASE_MS]) {
        this.#scheduler.after(delay, () => {
          if (client.isRunning) this.#verify(cache, name, key);
        });
      }
    }
  }

  /** A change that nobody waits for: plain, or joined to an application's transaction. */
  #touch(
    { id, owner }: StoredKey,
    isJoined: boolean,
    isAsynchronous = isJoined && this.#scheduler.chance() < 0.5,
  ): void {
    const rule = this.#shipped.updateRule({ id, owner }, { name: `${this.#names++}` }, BY);
    this.#changes(this.#serverStore(isJoined, isAsynchronous))
      .make(rule, { wait: 'commit' })
      .catch(() => {});
  }

  #disturbForever(): void {
    this.#scheduler.after(this.#scheduler.between(50, 400), () => {
      const { client } = this.#scheduler.pick(this.#processes);
      this.#scheduler.pick(this.#disturbances(client))();
      this.#disturbForever();
    });
  }

  #disturbances(client: Client): readonly (() => void)[] {
    return [
      ...troublesOf(client, this.#scheduler, LEASE_MS),
      () => this.#loseChange(),
      () => this.#revokeFromAfar(),
      () => this.#replace(client),
      () => {
        if (this.#scheduler.chance() < 0.5) void this.#server.failOver();
      },
    ];
  }

  /** A process whose answers take long revokes a key, and at the commit another is cut off. */
  #revokeFromAfar(): void {
    const [near, far] = this.#processes;
    if (near === undefined || far === undefined || !far.client.isRunning) return;
    far.client.weather.longestWayMs = 2 * LEASE_MS;
    this.#server.afterCommit = () => {
      near.client.weather.lossShare = 1;
    };
    this.#revoke(far, this.#scheduler.pick(this.#keys));
  }

  /** A change that caches have seen is lost in a crash, and a revocation comes in its place. */
  #loseChange(): void {
    const process = this.#scheduler.pick(this.#processes);
    const [lost, revoked] = [this.#scheduler.pick(this.#keys), this.#scheduler.pick(this.#keys)];
    this.#touch(lost, true, true);
    this.#scheduler.after(this.#scheduler.between(10, 60), () => {
      void this.#server.failOver().then(() => {
        if (process.client.isRunning) this.#revoke(process, revoked);
      });
    });
  }

  #replace(client: Client): void {
    const index = this.#processes.findIndex((process) => process.client === client);
    this.#hits += this.#processes[index]?.cache.status().hits ?? 0;
    client.crash();
    this.#processes[index] = this.#newProcess();
  }

  #changes(store: KeyStore, client?: Client) {
    return new this.#shipped.Changes(store, client && { timing: client.timing });
  }

  /** The server without a network between. */
  #serverStore(isJoined = false, isAsynchronous = false): KeyStore {
    const local = new Client(this.#scheduler, this.#server, 1);
    const server = this.#server;
    return {
      ...local.store(),
      view: (query) => server.store.view(query),
      commit: (change) => server.commit(change, isJoined, isAsynchronous),
    };
  }
}

function isActive({ revokedAt }: Pick<StoredKey, 'revokedAt'>): boolean {
  return revokedAt === undefined;
}
