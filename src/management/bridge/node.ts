import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MountedHandler } from '../management.ts';
import { rememberContext } from './context.ts';
import { webRequest } from './node-request.ts';
import { writeResponse } from './node-response.ts';
import { isBelow } from './path.ts';

/** A handler for `node:http`, and middleware for Connect and Express. */
export type NodeHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/**
 * Adapts the handler to `node:http` and Express. Requests outside of the handler's `basePath` go to
 * `next`; without a `next`, the response is 404.
 *
 * Express may also mount it at the path, because `basePath` is compared with the whole path. If
 * `express.json()` runs first, the handler uses the body that it has parsed.
 *
 * @example
 * ```ts
 * app.use(toNodeHandler(management));
 * createServer(toNodeHandler(management));
 * ```
 */
export function toNodeHandler(management: MountedHandler): NodeHandler {
  return (req, res, next) => {
    const request = webRequest(req);
    if (next !== undefined && (request === undefined || !isBelow(management, request))) {
      next();
    } else if (request === undefined) {
      res.writeHead(400).end();
    } else {
      management(rememberContext(request, req))
        .then((response) => writeResponse(res, response))
        .catch((error: unknown) => (next === undefined ? res.destroy() : next(error)));
    }
  };
}
