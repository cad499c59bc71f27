import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { addressOf } from '../request-address.ts';

/** A request with the members that Express and body parsers add. */
export interface ParsedRequest extends IncomingMessage {
  /** The target as it was sent. `url` lacks the path at which a router is mounted. */
  readonly originalUrl?: string;
  readonly body?: unknown;
}

/** Parts of a request that a framework keeps elsewhere. */
interface Parts {
  readonly target?: string | undefined;
  /** The body, if a body parser has read it. */
  readonly parsed?: unknown;
}

/**
 * Converts the request to a Web `Request`. Returns `undefined` if that is not possible: for a method or
 * a header that Web standards forbid, such as TRACE, for an invalid Host, or for a target whose path the
 * URL parser would change.
 */
export function webRequest(
  req: ParsedRequest,
  { target = req.originalUrl ?? req.url, parsed = req.body }: Parts = {},
): Request | undefined {
  const { method = 'GET', rawHeaders } = req;
  const address = addressOfNode(req, target);
  if (address === undefined) return undefined;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? bodyOf(req, parsed) : null;
  try {
    const headers = headersOf(rawHeaders);
    // Node requires `duplex` for a body that is a stream.
    const init = { method, headers, duplex: 'half' } as const;
    const request = new Request(address, { ...init, body: body === undefined ? '' : body });
    // Lock the empty body: the handler refuses a body that another reader has locked.
    if (body === undefined) request.body?.getReader();
    return request;
  } catch {
    return undefined;
  }
}

/** As {@link addressOf}. */
export function addressOfNode(
  { socket, rawHeaders }: Pick<IncomingMessage, 'socket' | 'rawHeaders'>,
  target = '',
): string | undefined {
  const scheme = (socket as Partial<TLSSocket>).encrypted ? 'https' : 'http';
  return addressOf(scheme, hostsOf(rawHeaders), target);
}

/** All header lines that name the host: RFC 9112 §3.2 has one Host, RFC 9113 §8.3.1 an `:authority`. */
function hostsOf(rawHeaders: readonly string[]): readonly string[] {
  const hosts: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (/^(?:host|:authority)$/i.test(rawHeaders[i] ?? '')) hosts.push(rawHeaders[i + 1] ?? '');
  }
  return hosts;
}

function headersOf(rawHeaders: readonly string[]): Headers {
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    // HTTP/2 has pseudo-headers such as `:method` among the headers.
    if (!name.startsWith(':')) headers.append(name, rawHeaders[i + 1] ?? '');
  }
  return headers;
}

/** The body; `undefined` if it has been read and cannot be restored from what a parser left. */
function bodyOf(
  req: IncomingMessage,
  parsed: unknown,
): ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string | undefined {
  if (!req.readableDidRead) return streamOf(req);
  if (typeof parsed === 'string') return parsed;
  if (parsed instanceof Uint8Array) return Uint8Array.from(parsed);
  try {
    return JSON.stringify(parsed);
  } catch {
    return undefined;
  }
}

function streamOf(req: IncomingMessage): ReadableStream<Uint8Array> {
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
