import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import type { HeaderSource } from './raw-lines.ts';

declare module 'node:http' {
  interface IncomingMessage {
    /** The principal of the request, set by `apiKeyGuard`. */
    principal?: Principal;
  }
}

declare module 'node:http2' {
  interface Http2ServerRequest {
    /** The principal of the request, set by `apiKeyGuard`. */
    principal?: Principal;
  }
}

/** A request of `node:http`, of the compatibility API of `node:http2`, or of a framework on them. */
export interface NodeRequest extends HeaderSource {
  readonly method?: string | undefined;
  principal?: Principal;
}

/** A response to such a request. */
export interface NodeResponse {
  readonly headersSent: boolean;
  readonly destroyed?: boolean;
  setHeader(name: string, value: string): unknown;
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  end(): unknown;
  end(body: string): unknown;
}

/** Whether the response is already sent, or the client is gone. */
export function isOver({ headersSent, destroyed }: NodeResponse): boolean {
  return headersSent || destroyed === true;
}

/** Sets headers of the response, if there are any. */
export function setHeaders(
  res: NodeResponse,
  headers: Readonly<Record<string, string>> | undefined,
): void {
  for (const name in headers) res.setHeader(name, headers[name] ?? '');
}

/** Sends a refusal byte for byte, unless the response is over. */
export function answer(
  { method }: NodeRequest,
  res: NodeResponse,
  { status, headers, body }: HttpRefusal,
): void {
  if (isOver(res)) return;
  res.writeHead(status, headers);
  // A server with `rejectNonStandardBodyWrites` throws if the response to a HEAD gets a body.
  if (method === 'HEAD') res.end();
  else res.end(body);
}
