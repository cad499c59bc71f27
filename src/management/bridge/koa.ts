import type { IncomingMessage } from 'node:http';
import type { MountedHandler } from '../management.ts';
import { rememberContext } from './context.ts';
import { webRequest } from './node-request.ts';
import { isBelow } from './path.ts';

/** The part of Koa's context that the bridge needs, without a dependency on Koa's types. */
interface KoaContext {
  readonly req: IncomingMessage;
  readonly originalUrl: string;
  readonly request: { readonly body?: unknown };
  status: number;
  body: unknown;
  append(name: string, value: string): void;
}

/**
 * Adapts the handler to Koa. Requests outside of the handler's `basePath` go to the next middleware. If
 * a body parser runs first, the handler uses the body that it has parsed.
 *
 * @example
 * ```ts
 * app.use(toKoaMiddleware(management));
 * ```
 */
export function toKoaMiddleware(
  management: MountedHandler,
): (ctx: KoaContext, next: () => Promise<unknown>) => Promise<void> {
  return async (ctx, next) => {
    const { req, originalUrl } = ctx;
    const request = webRequest(req, { target: originalUrl, parsed: ctx.request.body });
    if (request === undefined || !isBelow(management, request)) {
      await next();
      return;
    }
    const { status, headers, body } = await management(rememberContext(request, ctx));
    ctx.status = status;
    for (const [name, value] of headers) ctx.append(name, value);
    // A body that was refused for its size is still arriving, and its rest is never read.
    if (!req.complete) ctx.append('Connection', 'close');
    if (body !== null) ctx.body = body;
  };
}
