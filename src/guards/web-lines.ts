import type { AuthorizationLines } from '../http/credentials.ts';
import { authorizationLines, type HeaderSource } from './raw-lines.ts';

/** A request on Web standards. srvx, which serves h3, Nitro and Elysia on Node, keeps Node's own. */
export interface WebRequest {
  readonly method: string;
  readonly headers: { get(name: string): string | null };
  readonly runtime?: { readonly node?: { readonly req?: Partial<HeaderSource> } };
}

/**
 * The Authorization lines of a request on Web standards.
 *
 * `Headers` joins two of them by a comma, and the comma refuses. Some bridges make it of what Node
 * has merged, where the second is gone: if Node's own request is at hand, its raw lines are counted
 * before. The value is that of `Headers` all the same, as the host may have replaced the request.
 *
 * @param incoming Node's own request, where there is one
 */
export function webLines(
  request: WebRequest,
  incoming: Partial<HeaderSource> | undefined = request.runtime?.node?.req,
): AuthorizationLines {
  if (Array.isArray(incoming?.rawHeaders)) {
    const lines = authorizationLines({ rawHeaders: incoming.rawHeaders, headers: {} });
    if (Array.isArray(lines) && lines.length > 1) return lines;
  }
  return request.headers.get('authorization') ?? undefined;
}
