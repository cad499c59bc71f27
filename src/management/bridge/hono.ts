import type { IncomingMessage } from 'node:http';
import type { MountedHandler } from '../management.ts';
import { rememberContext } from './context.ts';
import { addressOfNode } from './node-request.ts';

/** The part of Hono's context that the bridge needs, without a dependency on Hono's types. */
interface HonoContext {
  readonly req: { readonly raw: Request };
  /** On Node, Hono's server puts the `node:http` request here. */
  readonly env: unknown;
}

/**
 * Adapts the handler to Hono.
 *
 * @example
 * ```ts
 * app.all('/app/api-keys/*', toHonoHandler(management));
 * ```
 */
export function toHonoHandler(management: MountedHandler): (c: HonoContext) => Promise<Response> {
  return async (c) => {
    const { incoming } = (c.env ?? {}) as { readonly incoming?: IncomingMessage };
    // Hono's server has resolved dot segments, but a proxy in front of it may have routed by them.
    if (incoming !== undefined && addressOfNode(incoming, incoming.url) === undefined) {
      return new Response(null, { status: 400 });
    }
    return management(rememberContext(c.req.raw, c));
  };
}
