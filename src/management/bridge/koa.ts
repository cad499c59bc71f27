import type { IncomingMessage } from 'node:http';
import type { Management } from '../management.ts';
import { rememberContext } from './context.ts';
import { webRequest } from './node-request.ts';
import { isBelow } from './path.ts';

/** The part of Koa's context that the bridge needs, so that no type of Koa's is. */
interface KoaContext {
  readonly req: IncomingMessage;
  readonly originalUrl: string;
  readonly request: { readonly body?: unknown };
  status: number;
  body: unknown;
  append(name: string, value: string): void;
}

/**
 * For Koa. What lies elsewhere than under the handler's `basePath` goes on to the next middleware.
 * Where a body parser stands before it, the body that it has read is taken.
 *
 * @example
 * ```ts
 * app.use(toKoaMiddleware(management));
 * ```
 */
export function toKoaMiddleware(
  management: Management,
): (ctx: KoaContext, next: () => Promise<unknown>) => Promise<void> {
  return async (ctx, next) => {
    const { req, originalUrl } = ctx;
    const request = webRequest(Object.assign(req, { originalUrl }), ctx.request.body);
    if (request === undefined || !isBelow(management, request)) {
      await next();
      return;
    }
    const { status, headers, body } = await management(rememberContext(request, ctx));
    ctx.status = status;
    for (const [name, value] of headers) ctx.append(name, value);
    // A body that was refused for its size is still arriving: nobody reads the rest of it.
    if (!req.complete) ctx.append('Connection', 'close');
    if (body !== null) ctx.body = body;
  };
}
