import { withDeadline } from '../deadline.ts';

// A call of the store that never ends must not hold all later ones of its owner for good.
const MAX_WAIT_MS = 10_000;

/** Work that is done one piece after the other for the same name, side by side for others. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Rejects with `store_unavailable` where the turn does not come within ten seconds. */
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

/** Work that is under way already is joined by whoever asks for the same. */
export class Joins {
  readonly #underWay = new Map<string, Promise<unknown>>();

  join<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const found = this.#underWay.get(name);
    if (found !== undefined) return found as Promise<Result>;
    const begun = work().finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, begun);
    return begun;
  }
}
