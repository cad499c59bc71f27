/**
 * The error to hand to a framework when authentication itself rejects, which that of
 * `createApiKeys` never does. It is always an Error: `undefined`, `'route'` or `'router'` in its
 * place would tell Express or Fastify to go on.
 */
export function failureOf(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new Error('the API key could not be checked', { cause: reason });
}

/**
 * Settles an authentication by callbacks, in the same turn where its result is known. What `settle`
 * throws is the host's own.
 */
export function settling<Result extends object>(
  pending: Result | Promise<Result>,
  settle: (result: Result) => void,
  fail: (reason: unknown) => void,
): void {
  if ('then' in pending) pending.then(settle, fail).catch(surface);
  else settle(pending);
}

/** Throws what the host's own code threw, outside of any promise: as if no guard stood before it. */
function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
