/** The changes of one owner in this process. It is gone once the last of them has ended. */
export interface Queue {
  tail: Promise<unknown>;
  /** Whether another process was changing the owner during the last change. */
  isContended: boolean;
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
    work: (queue: Queue, waited: boolean) => Promise<Result>,
  ): Promise<Result> {
    const waited = this.#queues.has(owner);
    const queue = this.#queues.get(owner) ?? { tail: Promise.resolve(), isContended: false };
    const next = () => work(queue, waited);
    const turn = queue.tail.then(next, next);
    queue.tail = turn;
    this.#queues.set(owner, queue);
    try {
      return await turn;
    } finally {
      if (queue.tail === turn) this.#queues.delete(owner);
    }
  }
}
