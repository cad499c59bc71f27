import type { HttpRefusal } from '../http/refusal.ts';
import { answer, isOver, type NodeRequest, type NodeResponse } from './node-http.ts';
import { refusalResponse } from './web-response.ts';

/** Where refusals are to be answered byte for byte: by the request, what answers it. */
export const answering = new WeakMap<object, (refusal: HttpRefusal) => void>();

/**
 * Middleware of `node:http` that has a refusal answered as it is everywhere else, in the place of
 * tRPC's own envelope; of a batch, the first refusal answers for all. An answer that has begun, as
 * that of a stream has, is left to tRPC. For callers that are no tRPC clients: those expect the
 * envelope.
 *
 * @example
 * ```ts
 * createHTTPServer({ router, createContext, middleware: sendRefusals });
 * ```
 */
export function sendRefusals(
  req: NodeRequest,
  res: NodeResponse & { removeHeader(name: string): void },
  next: () => void,
): void {
  answering.set(req, (refusal) => {
    if (isOver(res)) return;
    // Of a stream tRPC has said how it is framed, before there is anything in it.
    res.removeHeader('Transfer-Encoding');
    answer(req, res, refusal);
    // tRPC writes its envelope all the same, and would be told that the headers are sent.
    const quiet = () => res;
    Object.assign(res, { setHeader: quiet, write: () => true, end: quiet });
  });
  next();
}

/**
 * The same for handlers on Web standards.
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
    let refused: HttpRefusal | undefined;
    answering.set(request, (refusal) => {
      refused ??= refusal;
    });
    const response = await handler(request, ...rest);
    return refused === undefined ? response : refusalResponse(request, refused);
  };
}
