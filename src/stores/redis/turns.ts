/**
 * Lets changes of one owner in one process follow each other, so that they do not keep losing
 * races against themselves. What is right does not rest on it.
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<Result>(owner: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(owner);
    const turn = before === undefined ? work() : before.then(work, work);
    this.#last.set(owner, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(owner) === turn) this.#last.delete(owner);
    }
  }
}
