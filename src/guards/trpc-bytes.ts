import type { HttpRefusal } from '../http/refusal.ts';
import { refusalResponse } from './web-response.ts';

/** The first refusal among the calls of a request. */
const refusals = new WeakMap<object, { first?: HttpRefusal }>();

/** Keeps a refusal for the response of `returnRefusals`, if that wraps the handler. */
export function keepRefusal(request: object, refusal: HttpRefusal): void {
  const kept = refusals.get(request);
  if (kept !== undefined) kept.first ??= refusal;
}

/**
 * Wraps a handler, so that it returns refusals byte for byte as the other guards do, instead of tRPC's
 * envelope. The first refusal of a batch answers the whole batch. Use it for callers other than tRPC
 * clients, which expect the envelope.
 *
 * The handler must be one on Web standards, which Node serves through `@hono/node-server` or srvx.
 *
 * @example
 * ```ts
 * const handle = returnRefusals((req) => fetchRequestHandler({ endpoint, req, router, createContext }));
 * ```
 */
export function returnRefusals<Rest extends unknown[]>(
  handler: (request: Request, ...rest: Rest) => Response | Promise<Response>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    const kept: { first?: HttpRefusal } = {};
    refusals.set(request, kept);
    const response = await handler(request, ...rest);
    return kept.first === undefined ? response : refusalResponse(request, kept.first);
  };
}
