/**
 * Runs the changes of one owner in this process one after another, so that they do not keep losing
 * races against each other. Correctness does not depend on it.
 */
export class OwnerQueue {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** @param work called with whether it had to wait: if so, data that was read before may be stale */
  async run<Result>(owner: string, work: (waited: boolean) => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(owner);
    const next = () => work(true);
    const turn = before === undefined ? work(false) : before.then(next, next);
    this.#tails.set(owner, turn);
    try {
      return await turn;
    } finally {
      if (this.#tails.get(owner) === turn) this.#tails.delete(owner);
    }
  }
}
