import type { Timing } from '../../../src/clock.ts';
import type { ChangeFeed, KeyStore } from '../../../src/stores/store-kit.ts';
import type { Scheduler } from './scheduler.ts';
import type { Server } from './server.ts';

/** What of the server a process reaches; the server of the simulation, or a store as it ships. */
export type Reached = Pick<Server, 'store' | 'feed' | 'commit' | 'listeners'>;

/** How one process of the simulation is cut off, slowed down and put to sleep. */
interface Weather {
  /** The share of requests that are lost before or after they were served. */
  lossShare: number;
  /** The longest way, in milliseconds, in each direction. */
  longestWayMs: number;
}

/**
 * One process: clocks of its own, a network to the server, and pauses in which none of its code runs.
 * What arrives meanwhile waits for the end of the pause.
 */
export class Client {
  readonly weather: Weather = { lossShare: 0.02, longestWayMs: 3 };
  readonly #scheduler: Scheduler;
  readonly #server: Reached;
  /** How fast its monotonic clock runs; promise 3 allows 10% either way. */
  readonly #rate: number;
  #wallOffset = 0;
  /** Virtual time in which its monotonic clock stood still, as while a machine sleeps. */
  #asleepMs = 0;
  #resumesAt = 0;
  #isSetBack = false;
  #isGone = false;

  constructor(scheduler: Scheduler, server: Reached, rate: number) {
    this.#scheduler = scheduler;
    this.#server = server;
    this.#rate = rate;
  }

  get isRunning(): boolean {
    return !this.#isGone && this.#scheduler.now >= this.#resumesAt;
  }

  /** @param stopsClock whether the monotonic clock stops as well; the wall clock never does */
  pause(ms: number, stopsClock: boolean): void {
    if (!this.isRunning) return;
    this.#resumesAt = this.#scheduler.now + ms;
    if (stopsClock && !this.#isSetBack) this.#asleepMs += ms;
  }

  /**
   * Stops for a while, and the wall clock is then set back to about where it was. Not on a machine that
   * has slept: promise 3 rests on no pause that freezes both clocks.
   */
  pauseAndSetBack(ms: number, backMs: number): void {
    if (this.#asleepMs > 0) return;
    this.#isSetBack = true;
    this.pause(ms, false);
    this.stepWall(-backMs);
  }

  stepWall(ms: number): void {
    this.#wallOffset += ms;
  }

  /** Ends without a word. */
  crash(): void {
    this.#isGone = true;
  }

  readonly timing: Timing = {
    monotonicMs: () => (this.#scheduler.now - this.#asleepMs) * this.#rate,
    wallMs: () => this.#scheduler.now + this.#wallOffset,
    schedule: (ms, callback) => {
      let isCancelled = false;
      this.#scheduler.after(ms / this.#rate, () =>
        this.#whenRunning(() => isCancelled || callback()),
      );
      return () => {
        isCancelled = true;
      };
    },
    pause: (ms) =>
      new Promise((resolve) => {
        this.timing.schedule(ms, resolve);
      }),
  };

  /** The store as this process reaches it. */
  store(): KeyStore {
    const server = this.#server;
    const sent = <Result>(serve: () => Promise<Result>) => this.#send(serve);
    const unused = () => Promise.reject(new Error('not simulated'));
    return {
      findByDigest: (digest) => sent(async () => server.store.findByDigest(digest)),
      find: (ref) => sent(() => server.store.find(ref)),
      view: (query) => sent(() => server.store.view(query)),
      commit: (change) => sent(() => server.commit(change)),
      list: unused,
      listActivity: unused,
      readChain: unused,
      head: unused,
      recordUsage: unused,
      changes: this.#feed(),
    };
  }

  #feed(): ChangeFeed {
    const { feed, listeners } = this.#server;
    const sent = <Result>(serve: () => Promise<Result>) => this.#send(serve);
    return {
      shardsOf: (owner) => feed.shardsOf(owner),
      poll: (holder) => sent(() => feed.poll(holder)),
      read: (seen) => {
        const asked = new Map(seen);
        return sent(() => feed.read(asked));
      },
      acknowledge: (holder, total, ms) => sent(() => feed.acknowledge(holder, total, ms)),
      leave: (holder) => sent(() => feed.leave(holder)),
      register: (ms) => sent(() => feed.register(ms)),
      hint: () => sent(() => feed.hint()),
      readMembers: () => sent(() => feed.readMembers()),
      prune: (holders, total) => sent(() => feed.prune(holders, total)),
      settle: (epoch) => sent(() => feed.settle(epoch)),
      subscribe: async (listener) => {
        const hear = () => {
          if (this.#scheduler.chance() < 0.2) return; // hints may be lost
          this.#scheduler.after(this.#way(), () => this.#whenRunning(listener));
        };
        listeners.add(hear);
        return async () => {
          listeners.delete(hear);
        };
      },
    };
  }

  /** A request that may be lost on its way there, or its answer on the way back. */
  #send<Result>(serve: () => Promise<Result>): Promise<Result> {
    const scheduler = this.#scheduler;
    return new Promise((resolve, reject) => {
      const answer = (settled: () => void) =>
        scheduler.after(this.#way(), () => this.#whenRunning(settled));
      const lost = () => answer(() => reject(new Error('the connection was lost')));
      const isLost = scheduler.chance() < this.weather.lossShare;
      const isServed = !isLost || scheduler.chance() < 0.5;
      scheduler.after(this.#way(), () => {
        if (!isServed) return lost();
        serve().then(
          (result) => (isLost ? lost() : answer(() => resolve(result))),
          (error: unknown) => answer(() => reject(error)),
        );
        return undefined;
      });
    });
  }

  #way(): number {
    return this.#scheduler.between(0.1, this.weather.longestWayMs);
  }

  #whenRunning(run: () => void): void {
    if (this.#isGone) return;
    if (this.isRunning) run();
    else {
      const left = this.#resumesAt - this.#scheduler.now;
      this.#scheduler.after(left, () => this.#whenRunning(run));
    }
  }
}
