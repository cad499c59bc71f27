/** What the changes of an owner tell those that queue behind them. It is gone once the queue is empty. */
export interface QueueNote {
  /** Whether another process was changing the owner during the last change. */
  isContended: boolean;
}

interface Queue {
  tail: Promise<unknown>;
  readonly note: QueueNote;
}

/**
 * Runs the changes of one owner in this process one after another, so that they do not keep losing
 * races against each other. Correctness does not depend on it.
 */
export class OwnerQueue {
  readonly #queues = new Map<string, Queue>();

  /** @param work called with whether it had to wait: if so, data that was read before may be stale */
  async run<Result>(
    owner: string,
    work: (note: QueueNote, waited: boolean) => Promise<Result>,
  ): Promise<Result> {
    const before = this.#queues.get(owner);
    const note = before?.note ?? { isContended: false };
    const next = () => work(note, true);
    const turn = before === undefined ? work(note, false) : before.tail.then(next, next);
    this.#queues.set(owner, { tail: turn, note });
    try {
      return await turn;
    } finally {
      if (this.#queues.get(owner)?.tail === turn) this.#queues.delete(owner);
    }
  }
}
