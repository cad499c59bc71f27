/** What a framework knows of a request, by the Web request that a bridge made of it. */
const contexts = new WeakMap<Request, unknown>();

/**
 * What the framework gave to the bridge: the `req` of `node:http` and Express, the `FastifyRequest`,
 * the context of Hono or Koa. There `authorize` finds the session that other middleware has read.
 * `undefined` for a request that no bridge has made.
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
