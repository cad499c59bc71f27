import { getRequestListener } from '@hono/node-server';
import Router from '@koa/router';
import express from 'express';
import Fastify from 'fastify';
import { H3, toNodeHandler } from 'h3';
import { Hono } from 'hono';
import type { ApiKeys } from 'keywright';
import { apiKeyGuard as fastifyGuard } from 'keywright/fastify';
import { apiKeyGuard as fetchGuard } from 'keywright/fetch';
import { apiKeyGuard as h3Guard } from 'keywright/h3';
import { apiKeyGuard as honoGuard } from 'keywright/hono';
import { apiKeyGuard as koaGuard } from 'keywright/koa';
import { apiKeyGuard as nodeGuard } from 'keywright/node';
import Koa from 'koa';
import type { Environment } from '../support.ts';
import { bridge } from './bridge.ts';
import { mountElysia, mountHapi, mountNest, mountTrpc } from './mounted-scopes.ts';
import { serve } from './server.ts';

/** What a handler of a guarded route calls; the answer is its body. */
type Reach = () => string;

/**
 * Serves `/api/me` and `/api/items/:id` behind the guard, for every method, and `/health` before it,
 * as the guide of the framework says.
 */
export type Mount = (
  keys: ApiKeys<Environment>,
  reach: Reach,
) => Promise<{ readonly origin: string; readonly close: () => unknown }>;

const PATHS = ['/me', '/items/:id'];
const NONE = { status: 404 };

export const mounts: Readonly<Record<string, Mount>> = {
  fetch: (keys, reach) => {
    const api = fetchGuard(keys, () => new Response(reach()));
    return serve(
      bridge(async (request) => {
        const { pathname } = new URL(request.url);
        if (pathname === '/health') return new Response('ok');
        return /^\/api\/(me|items\/[^/]+)$/.test(pathname) ? api(request) : new Response('', NONE);
      }),
    );
  },
  express: (keys, reach) => {
    const api = express.Router().use(nodeGuard(keys));
    for (const path of PATHS) api.all(path, (_req, res) => res.send(reach()));
    const app = express().use('/api', api);
    app.get('/health', (_req, res) => res.send('ok'));
    return serve(app);
  },
  fastify: async (keys, reach) => {
    const app = Fastify({ forceCloseConnections: true });
    app.get('/health', () => 'ok');
    app.register(
      (api, _options, done) => {
        api.register(fastifyGuard, { keys });
        for (const path of PATHS) api.all(path, reach);
        done();
      },
      { prefix: '/api' },
    );
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    return { origin, close: () => app.close() };
  },
  hono: (keys, reach) => {
    const app = new Hono();
    app.get('/health', (c) => c.text('ok'));
    app.use('/api/*', honoGuard(keys));
    for (const path of PATHS) app.all(`/api${path}`, (c) => c.text(reach()));
    return serve(getRequestListener(app.fetch));
  },
  koa: (keys, reach) => {
    const open = new Router();
    open.get('/health', (ctx) => {
      ctx.body = 'ok';
    });
    const api = new Router({ prefix: '/api' });
    for (const path of PATHS) {
      api.all(path, (ctx) => {
        ctx.body = reach();
      });
    }
    const app = new Koa();
    app.use(open.routes());
    app.use(koaGuard(keys));
    app.use(api.routes());
    return serve(app.callback());
  },
  h3: (keys, reach) => {
    const app = new H3();
    app.get('/health', () => 'ok');
    app.use('/api/**', h3Guard(keys));
    for (const path of PATHS) app.all(`/api${path}`, reach);
    return serve(toNodeHandler(app));
  },
  'nest on Express': mountNest('express'),
  'nest on Fastify': mountNest('fastify'),
  elysia: mountElysia,
  hapi: mountHapi,
  trpc: mountTrpc,
};
