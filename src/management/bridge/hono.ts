import type { Management } from '../management.ts';
import { rememberContext } from './context.ts';

/** The part of Hono's context that the bridge needs, so that no type of Hono's is. */
interface HonoContext {
  readonly req: { readonly raw: Request };
}

/**
 * For Hono, which speaks Web standards itself.
 *
 * @example
 * ```ts
 * app.all('/app/api-keys/*', toHonoHandler(management));
 * ```
 */
export function toHonoHandler(management: Management): (c: HonoContext) => Promise<Response> {
  return (c) => management(rememberContext(c.req.raw, c));
}
