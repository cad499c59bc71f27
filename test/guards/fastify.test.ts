import Fastify, { type FastifyInstance } from 'fastify';
import { testGuard, type WireRequest, type WireResponse } from 'keywright/testing';
import { describe, it } from 'vitest';
import { fastifyRoutes } from './fastify-routes.ts';
import { http2Exchange } from './http2.ts';

const runner = { describe, it };

describe('the guard of keywright/fastify, over HTTP/1.1', () => {
  testGuard(async (keys, routes) => {
    const app = Fastify({ forceCloseConnections: true });
    fastifyRoutes(app, keys, routes);
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    return { origin, close: () => app.close() };
  }, runner);
});

describe('the guard of keywright/fastify, over HTTP/2', () => {
  testGuard(async (keys, routes) => {
    const app = Fastify({ http2: true });
    fastifyRoutes(app as never, keys, routes);
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    return { exchange: http2Exchange(origin), close: () => app.close() };
  }, runner);
});

describe('the guard of keywright/fastify, injected', () => {
  testGuard((keys, routes) => {
    const app = Fastify();
    fastifyRoutes(app, keys, routes);
    return {
      exchange: (requests) => Promise.all(requests.map((request) => inject(app, request))),
      close: () => app.close(),
    };
  }, runner);
});

async function inject(
  app: FastifyInstance,
  { method = 'GET', path, lines = [], body }: WireRequest,
): Promise<WireResponse> {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of lines) {
    headers[name.toLowerCase()] = [...(headers[name.toLowerCase()] ?? []), value];
  }
  const response = await app.inject({
    method: method as 'GET',
    url: path,
    headers: headers as never,
    ...(body === undefined ? {} : { payload: body }),
  });
  const fields = Object.entries(response.headers);
  return {
    status: response.statusCode,
    lines: fields.map(([name, value]) => [name, String(value)]),
    body: response.body,
  };
}
