import { setTimeout as pause } from 'node:timers/promises';
import { actor, type LiveKey, type Manager } from './keys.ts';
import type { Entry, Revocation } from './log.ts';
import type { ServerProcess } from './processes.ts';

const SLICE_MS = 10;
const REVOKERS = 4;

/** Clients that send requests with good keys, and a manager that revokes keys one after another. */
export class Traffic {
  readonly log: Entry[] = [];
  readonly revocations = new Map<string, Revocation>();
  /** Milliseconds from each call of `revoke` until it resolved. */
  readonly spans: number[] = [];
  /** Calls of `revoke` that failed, of which nothing is known. */
  failed = 0;
  readonly #servers: readonly ServerProcess[];
  readonly #manager: Manager;
  readonly #pending = new Set<Promise<void>>();
  #isOver = false;
  #stopsRevoking = false;

  constructor(servers: readonly ServerProcess[], manager: Manager) {
    this.#servers = servers;
    this.#manager = manager;
  }

  /** Sends requests at a rate, each with a key drawn by lot, for as long as the run lasts. */
  async send(keys: readonly LiveKey[], aSecond: number): Promise<void> {
    const begin = performance.now();
    for (let sent = 0; !this.#isOver; await pause(SLICE_MS)) {
      // A machine that is behind sends less: a burst would only measure the burst.
      const due = Math.min((performance.now() - begin) * (aSecond / 1000), sent + aSecond / 20);
      for (; sent < due; sent++) {
        const key = keys[Math.floor(Math.random() * keys.length)];
        const server = Math.floor(Math.random() * this.#servers.length);
        if (key !== undefined) this.#request(key, server);
      }
    }
  }

  /** Revokes keys; each is presented to every server before, during and within 5 ms after. */
  async revoke(keys: readonly LiveKey[], spacingMs: number): Promise<void> {
    const left = [...keys];
    const work = async () => {
      for (
        let key = left.pop();
        key !== undefined && !this.#isOver && !this.#stopsRevoking;
        key = left.pop()
      ) {
        await this.#revokeOne(key);
        await pause(spacingMs);
      }
    };
    await Promise.all(Array.from({ length: REVOKERS }, work));
  }

  /** Begins no further revocation. */
  stopRevoking(): void {
    this.#stopsRevoking = true;
  }

  /** Waits for all answers. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#pending);
  }

  async #revokeOne(key: LiveKey): Promise<void> {
    this.#requestEverywhere(key);
    await pause(20);
    this.#requestEverywhere(key);
    const begin = performance.now();
    this.revocations.set(key.id, { begin });
    try {
      await this.#manager.revoke(key.id, { actor });
    } catch {
      this.failed++;
      return;
    }
    const resolved = performance.now();
    this.revocations.set(key.id, { begin, resolved });
    this.spans.push(resolved - begin);
    this.#requestEverywhere(key);
    await pause(2);
    this.#requestEverywhere(key);
  }

  /** Presents all keys once more, such as to a process that has just been continued. */
  presentRevoked(keys: readonly LiveKey[]): void {
    for (const key of keys) if (this.revocations.has(key.id)) this.#requestEverywhere(key);
  }

  #requestEverywhere(key: LiveKey): void {
    for (let i = 0; i < this.#servers.length; i++) this.#request(key, i);
  }

  #request({ id, token }: LiveKey, server: number): void {
    const start = performance.now();
    const asked = this.#servers[server]?.verify(token).then((status) => {
      this.log.push({ key: id, server, start, end: performance.now(), status });
    });
    if (asked === undefined) return;
    this.#pending.add(asked);
    asked.finally(() => this.#pending.delete(asked)).catch(() => {});
  }
}
