import { getRequestListener } from '@hono/node-server';
import Fastify from 'fastify';
import { toNodeHandler } from 'h3';
import type { OpenGuard } from 'keywright/testing';
import { serveElysia } from './elysia-app.ts';
import { fastifyRoutes } from './fastify-routes.ts';
import { h3App } from './h3-app.ts';
import { hapiServer } from './hapi-server.ts';
import { honoApp } from './hono-routes.ts';
import { koaApp } from './koa-routes.ts';
import { onExpress, onFastify } from './nest-app.ts';
import { nodeRoutes } from './node-routes.ts';
import { serve } from './server.ts';
import { serveTrpc } from './trpc-server.ts';

/** Every guard that listens, each on a server of its framework. */
export const hosts: Readonly<Record<string, OpenGuard>> = {
  node: (keys, routes) => serve(nodeRoutes(keys, routes)),
  fastify: async (keys, routes) => {
    const app = Fastify({ forceCloseConnections: true });
    fastifyRoutes(app, keys, routes);
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    return { origin, close: () => app.close() };
  },
  hono: (keys, routes) => serve(getRequestListener(honoApp(keys, routes).fetch)),
  koa: (keys, routes) => serve(koaApp(keys, routes).callback()),
  'nest on Express': onExpress,
  'nest on Fastify': onFastify,
  h3: (keys, routes) => serve(toNodeHandler(h3App(keys, routes))),
  elysia: serveElysia,
  hapi: hapiServer,
  trpc: serveTrpc,
};
