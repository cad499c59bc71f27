import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Management } from '../management.ts';
import { rememberContext } from './context.ts';
import { webRequest } from './node-request.ts';
import { writeResponse } from './node-response.ts';
import { isBelow } from './path.ts';

/** A handler of `node:http`, and middleware of Connect and Express. */
export type NodeHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/**
 * For `node:http` and Express. What lies elsewhere than under the handler's `basePath` goes to
 * `next`, and without one is answered with 404.
 *
 * Express may be given the path too: `basePath` is compared with the whole one. Where
 * `express.json()` stands before the handler, the body that it has read is taken.
 *
 * @example
 * ```ts
 * app.use(toNodeHandler(management));
 * createServer(toNodeHandler(management));
 * ```
 */
export function toNodeHandler(management: Management): NodeHandler {
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
