import { isKeywrightError, KeywrightError } from '../errors.ts';
import type { Change, ChangeScope, CommitResult } from '../store.ts';

/**
 * Runs one change under a deadline. Tracks whether a commit is in flight, and so whether a change that
 * timed out may have been made. Sends no commit after the deadline.
 */
export class BoundedChange {
  readonly #timeoutMs: number;
  #isSent = false;
  #isOver = false;
  #giveUp: (error: KeywrightError) => void = () => {};
  readonly #over = new Promise<never>((_, reject) => {
    this.#giveUp = reject;
  });

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** @throws KeywrightError the error of `work`, converted by {@link changeFailure}, or a timeout */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => {
      this.#isOver = true;
      this.#giveUp(lateFailure(this.#timeoutMs, this.#isSent));
    }, this.#timeoutMs);
    try {
      return await this.until(work());
    } catch (error) {
      throw changeFailure(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Settles as `work` does, or rejects at the deadline. A later outcome of `work` is ignored. */
  until<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#over]);
  }

  /** Call before a retry: the transaction of the earlier attempt has ended, so no commit is in flight. */
  restart(): void {
    this.#isSent = false;
  }

  /** Wraps a scope: tracks its commits, and sends none after the deadline. */
  scope(scope: ChangeScope): ChangeScope {
    return {
      view: (query) => scope.view(query),
      commit: (change) => this.#commit(scope, change),
    };
  }

  async #commit(scope: ChangeScope, change: Change): Promise<CommitResult> {
    if (this.#isOver) throw lateFailure(this.#timeoutMs, false);
    this.#isSent = true;
    const result = await scope.commit(change);
    this.#isSent = result.status === 'committed';
    return result;
  }
}

function lateFailure(timeoutMs: number, indeterminate: boolean): KeywrightError {
  const outcome = indeterminate ? 'it may have been made' : 'it was not made';
  return new KeywrightError(
    'store_unavailable',
    `the change timed out after ${timeoutMs} ms (changeTimeoutMs): ${outcome}`,
    { indeterminate },
  );
}

/**
 * Converts the error of a failed change. A failure of the store becomes `store_unavailable`, whose
 * `indeterminate` is true if the change may have been made. A commit that rejects has written nothing,
 * unless the error of the store is `indeterminate`.
 */
export function changeFailure(error: unknown): unknown {
  if (isKeywrightError(error)) {
    const isComplete = error.code !== 'store_unavailable' || error.indeterminate !== undefined;
    if (isComplete) return error;
    const { message, cause } = error;
    return new KeywrightError('store_unavailable', message, {
      ...(cause === undefined ? {} : { cause }),
      indeterminate: false,
    });
  }
  const { message, indeterminate } = Object(error) as {
    readonly message?: unknown;
    readonly indeterminate?: unknown;
  };
  return new KeywrightError('store_unavailable', `the store failed: ${message ?? error}`, {
    cause: error,
    indeterminate: indeterminate === true,
  });
}
