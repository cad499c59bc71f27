import { withDeadline } from '../deadline.ts';

// A store call that never returns must not block later work of its owner forever.
const MAX_WAIT_MS = 10_000;

/** Runs work of the same name one piece at a time. Work of different names runs concurrently. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Rejects with `store_unavailable` if earlier work does not end within ten seconds. */
  take<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(name);
    const turn = before === undefined ? work() : withDeadline(before, MAX_WAIT_MS).then(work);
    const over = Promise.allSettled([before, turn]).then(() => {
      if (this.#last.get(name) === over) this.#last.delete(name);
    });
    this.#last.set(name, over);
    return turn;
  }
}

/** Overlapping calls of the same name share one result. */
export class SharedCalls {
  readonly #pending = new Map<string, Promise<unknown>>();

  run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const found = this.#pending.get(name);
    if (found !== undefined) return found as Promise<Result>;
    const begun = work().finally(() => this.#pending.delete(name));
    this.#pending.set(name, begun);
    return begun;
  }
}
