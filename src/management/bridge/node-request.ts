import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** What Express and body parsers leave on a request. */
interface ParsedRequest {
  /** The target as it was sent; `url` loses the path that a router is mounted under. */
  readonly originalUrl?: string;
  readonly body?: unknown;
}

/**
 * The request on Web standards; `undefined` where there is none for it: of the method TRACE, with a
 * password in its target, or with a target or Host that no URL can be made of.
 *
 * @param parsed the body, where a parser has read it before
 */
export function webRequest(
  req: IncomingMessage & ParsedRequest,
  parsed: unknown = req.body,
): Request | undefined {
  const { method = 'GET' } = req;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  try {
    return new Request(urlOf(req), {
      method,
      headers: headersOf(req.rawHeaders),
      // `duplex` is what Node wants of a body that is read while it is sent.
      ...(hasBody ? { body: bodyOf(req, parsed), duplex: 'half' } : {}),
    });
  } catch {
    return undefined;
  }
}

function urlOf(req: IncomingMessage & ParsedRequest): string {
  const scheme = (req.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http';
  const target = req.originalUrl ?? req.url ?? '/';
  const host = req.headers[':authority'] ?? req.headers.host;
  // Not resolved as a reference, in which `//evil.example/` would name another host.
  return target.startsWith('/') ? `${scheme}://${host}${target}` : target;
}

function headersOf(rawHeaders: readonly string[]): Headers {
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    // HTTP/2 sends `:method` and the like among the headers.
    if (!name.startsWith(':')) headers.append(name, rawHeaders[i + 1] ?? '');
  }
  return headers;
}

function bodyOf(req: IncomingMessage, parsed: unknown): ReadableStream<Uint8Array> | string {
  if (req.readableEnded && parsed !== undefined) return JSON.stringify(parsed);
  const chunks = req.iterator({ destroyOnReturn: false });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value as Uint8Array);
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
