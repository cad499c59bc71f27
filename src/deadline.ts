import { KeywrightError } from './errors.ts';

/**
 * Settles as `work` does, or rejects after `timeoutMs`: with `store_unavailable`, or with the error that
 * `tooLate` returns. A later result or rejection of `work` is ignored.
 *
 * Each call sets its own timer. A shared one would save 3 µs a look-up, but on workerd a timer ends with
 * the request that set it.
 */
export function withDeadline<Result>(
  work: PromiseLike<Result>,
  timeoutMs: number,
  tooLate: () => Error = () => storeTimeout(timeoutMs),
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(tooLate());
    }, timeoutMs);
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

function storeTimeout(timeoutMs: number): KeywrightError {
  return new KeywrightError('store_unavailable', `the store did not answer within ${timeoutMs} ms`);
}
