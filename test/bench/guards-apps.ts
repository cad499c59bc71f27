import { hash, timingSafeEqual } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import type { ApiKeys } from 'keywright';
import { apiKeyGuard as fastifyGuard } from 'keywright/fastify';
import { apiKeyGuard as honoGuard } from 'keywright/hono';
import { apiKeyGuard as koaGuard } from 'keywright/koa';
import { apiKeyGuard as nodeGuard } from 'keywright/node';
import Koa from 'koa';

/**
 * What stands before the one route: the guard, a peer that knows one token, nothing, or the least that
 * any verification of many keys does: a digest, a look-up and a comparison.
 */
export type Guarding =
  | { readonly kind: 'bare' }
  | { readonly kind: 'least'; readonly tokens: readonly string[] }
  | { readonly kind: 'guarded'; readonly keys: ApiKeys<'live' | 'test'> }
  | { readonly kind: 'peer'; readonly token: string };

type Open = (guarding: Guarding) => Promise<number>;

const BODY = { hello: 'world' };
const TEXT = JSON.stringify(BODY);

/** Serves one route that answers with a little JSON, and gives the port. */
export const apps: Readonly<Record<string, Open>> = {
  async fastify(guarding) {
    const app = Fastify();
    if (guarding.kind === 'guarded') app.register(fastifyGuard, { keys: guarding.keys });
    if (guarding.kind === 'peer') {
      const { bearerAuth: plugin } = await import(
        new URL('./peers/fastify-bearer-auth.mjs', import.meta.url).href
      );
      app.register(plugin, { keys: [guarding.token] });
    }
    app.get('/', async () => BODY);
    await app.listen({ host: '127.0.0.1', port: 0 });
    return portOf(app.server);
  },
  hono(guarding) {
    const app = new Hono();
    if (guarding.kind === 'guarded') app.use(honoGuard(guarding.keys));
    if (guarding.kind === 'peer') app.use(bearerAuth({ token: guarding.token }));
    app.get('/', (c) => c.json(BODY));
    return listen(getRequestListener(app.fetch));
  },
  node(guarding) {
    const answer: RequestListener = (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': TEXT.length });
      res.end(TEXT);
    };
    if (guarding.kind === 'least') {
      const knows = leastVerification(guarding.tokens);
      return listen((req, res) => knows(req.headers.authorization) && answer(req, res));
    }
    if (guarding.kind !== 'guarded') return listen(answer);
    const guard = nodeGuard(guarding.keys);
    return listen((req, res) => guard(req, res, () => answer(req, res)));
  },
  express(guarding) {
    const app = express();
    if (guarding.kind === 'guarded') app.use(nodeGuard(guarding.keys));
    app.get('/', (_req, res) => res.json(BODY));
    return listen(app);
  },
  koa(guarding) {
    const app = new Koa();
    if (guarding.kind === 'guarded') app.use(koaGuard(guarding.keys));
    app.use((ctx) => {
      ctx.body = BODY;
    });
    return listen(app.callback());
  },
};

function leastVerification(tokens: readonly string[]) {
  const byDigest = new Map<string, { readonly digest: Buffer }>();
  const digestOf = (token: string) => hash('sha256', token, 'hex');
  for (const token of tokens)
    byDigest.set(digestOf(token), { digest: Buffer.from(digestOf(token)) });
  return (authorization = ''): boolean => {
    const digest = digestOf(authorization.slice('Bearer '.length));
    const entry = byDigest.get(digest);
    return entry !== undefined && timingSafeEqual(Buffer.from(digest), entry.digest);
  };
}

async function listen(listener: RequestListener): Promise<number> {
  // Longer than the other side of a pair takes: Node closes idle connections after five seconds.
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return portOf(server);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
