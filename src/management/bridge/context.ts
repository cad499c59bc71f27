/** The framework's own request or context, by the Web request that a bridge created from it. */
const contexts = new WeakMap<Request, unknown>();

/**
 * Returns what the framework passed to the bridge: the `req` of `node:http` and Express, the
 * `FastifyRequest`, or the context of Hono or Koa. `authorize` finds there the session that other
 * middleware has read. Returns `undefined` for a request that no bridge has created.
 *
 * @example
 * ```ts
 * const authorize = (request: Request) => {
 *   const { user } = contextOf(request) as express.Request;
 *   return user && { actor: { id: user.id }, owner: user.organization, actions: ALL_ACTIONS };
 * };
 * ```
 */
export function contextOf(request: Request): unknown {
  return contexts.get(request);
}

export function rememberContext(request: Request, context: unknown): Request {
  contexts.set(request, context);
  return request;
}
