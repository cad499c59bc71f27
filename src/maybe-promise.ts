/**
 * Calls `next` with a result, synchronously if the result is not a promise. Awaiting it would take as
 * long as the rest of an authentication.
 */
export function andThen<Result, Outcome>(
  result: Result | PromiseLike<Result>,
  next: (result: Result) => Outcome,
): Outcome | Promise<Awaited<Outcome>> {
  return isPromiseLike(result)
    ? (Promise.resolve(result).then(next) as Promise<Awaited<Outcome>>)
    : next(result);
}

/** Whether a value is a promise, also one of another promise library. */
export function isPromiseLike<Result>(
  value: Result | PromiseLike<Result>,
): value is PromiseLike<Result> {
  return typeof (value as PromiseLike<Result> | undefined)?.then === 'function';
}
