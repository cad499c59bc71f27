import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import type { GuardSite } from 'keywright/testing';
import { http2Exchange } from './http2.ts';

/** Listens on a free port of loopback, and gives the origin. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

/** A server of `node:http`. */
export async function serve(listener: RequestListener, options: ServerOptions = {}) {
  const server = createServer(options, listener);
  const origin = await listen(server);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin, close };
}

/** A server of `node:http2` without TLS, whose listener uses the compatibility API. */
export async function serveHttp2(
  listener: Parameters<typeof createHttp2Server>[1] & {},
): Promise<GuardSite> {
  const server = createHttp2Server(listener);
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => sessions.add(session));
  const exchange = http2Exchange(await listen(server));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const session of sessions) session.destroy();
    });
  return { exchange, close };
}
