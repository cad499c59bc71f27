import { isPromiseLike } from '../maybe-promise.ts';

/**
 * Returns the error to pass to a framework if `authenticate` itself rejects, which that of `createApiKeys`
 * never does. It is always an Error: with `undefined`, `'route'` or `'router'`, Express or Fastify would
 * continue with the request.
 */
export function failureOf(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new Error('the API key could not be checked', { cause: reason });
}

/**
 * Passes the result of an authentication to `proceed`, synchronously if it is not a promise, and a
 * rejection to `fail`. An error of `proceed` is thrown as it would be without a guard.
 */
export function whenSettled<Result>(
  pending: Result | Promise<Result>,
  proceed: (result: Result) => void,
  fail: (reason: unknown) => void,
): void {
  if (isPromiseLike(pending)) pending.then(proceed, fail).then(undefined, throwUncaught);
  else proceed(pending);
}

/** Throws outside of any promise, so that the process sees an uncaught exception. */
function throwUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
