/**
 * Goes on with a result: in the same turn where it is known, which spares promises that take as long
 * as the rest of an authentication.
 */
export function whenKnown<Result extends object, Outcome>(
  pending: Result | Promise<Result>,
  proceed: (result: Result) => Outcome,
): Outcome | Promise<Awaited<Outcome>> {
  return 'then' in pending
    ? (pending.then(proceed) as Promise<Awaited<Outcome>>)
    : proceed(pending);
}
