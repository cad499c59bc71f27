import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

/** Serves a function on Web standards from `node:http`, every header line handed on as it came. */
export function bridge(handler: (request: Request) => Promise<Response>) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const response = await handler(requestOf(req));
    res.writeHead(response.status, Object.fromEntries(response.headers));
    res.end(req.method === 'HEAD' ? undefined : await response.text());
  };
}

function requestOf(req: IncomingMessage): Request {
  const { method = 'GET', rawHeaders, url = '/', headers } = req;
  const lines = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    lines.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  }
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const init = {
    method,
    headers: lines,
    ...(hasBody ? { body: Readable.toWeb(req), duplex: 'half' } : {}),
  };
  // Not resolved as a reference, in which `//api` would name another host.
  const target = url.startsWith('/') ? `http://${headers.host}${url}` : url;
  return new Request(target, init as RequestInit);
}
