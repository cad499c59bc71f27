import { KeywrightError } from './errors.ts';

/**
 * The outcome of `work`, or `store_unavailable` if there is none after `timeoutMs`: a store that
 * answers too late is a store that failed. What comes later is dropped, a late rejection too.
 *
 * A timer each, though one for all would spare a look-up 3 µs: on workerd a timer ends with the request
 * that set it.
 */
export function withDeadline<Result>(
  work: PromiseLike<Result>,
  timeoutMs: number,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new KeywrightError('store_unavailable', `the store gave no answer in ${timeoutMs} ms`),
      );
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
