import type { AuthorizationLines } from '../http/credentials.ts';
import { fieldLines, type HeaderSource } from './raw-lines.ts';

/** A request on Web standards. Under srvx, as h3, Nitro and Elysia on Node, it has Node's own request. */
export interface WebRequest {
  readonly method: string;
  readonly headers: { get(name: string): string | null };
  readonly runtime?: { readonly node?: { readonly req?: Partial<HeaderSource> } };
}

/**
 * Returns the field lines of one header of a request on Web standards.
 *
 * `Headers` joins two lines with a comma, and the guard refuses a value with a comma. Some bridges build
 * `Headers` from Node's merged headers, which have lost the second line. So if there is Node's own request,
 * its raw lines are counted first. The value still comes from `Headers`, because the application may have
 * replaced the request.
 *
 * @param name in lower case
 * @param incoming Node's own request, if there is one
 */
export function webLines(
  request: WebRequest,
  name: string,
  incoming: Partial<HeaderSource> | undefined = request.runtime?.node?.req,
): AuthorizationLines {
  if (Array.isArray(incoming?.rawHeaders)) {
    const lines = fieldLines({ rawHeaders: incoming.rawHeaders, headers: {} }, name);
    if (Array.isArray(lines) && lines.length > 1) return lines;
  }
  return request.headers.get(name) ?? undefined;
}
