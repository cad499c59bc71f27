import { server } from '@hapi/hapi';
import { initTRPC } from '@trpc/server';
import { Elysia } from 'elysia';
import express from 'express';
import fastify from 'fastify';
import { H3 } from 'h3';
import { type Context, Hono } from 'hono';
import type { Principal } from 'keywright';
import * as elysiaGuards from 'keywright/elysia';
import * as fastifyGuards from 'keywright/fastify';
import * as fetchGuards from 'keywright/fetch';
import * as h3Guards from 'keywright/h3';
import * as hapiGuards from 'keywright/hapi';
import * as honoGuards from 'keywright/hono';
import * as koaGuards from 'keywright/koa';
import * as lambdaGuards from 'keywright/lambda';
import * as nodeGuards from 'keywright/node';
import * as trpcGuards from 'keywright/trpc';
import Koa from 'koa';
import { type Environment, keys, type Metadata, type Scope, same } from './keys.ts';

type Caller = Principal<Environment, Scope, Metadata>;

const onNode = nodeGuards.apiKeyGuard(keys, { scopes: ['orders:read'] });
const app = express();
app.use('/api', onNode);
app.post('/api/orders', onNode.requireScopes('orders:read'), (req, res) => {
  same<ReturnType<typeof onNode.principalOf>, Caller>();
  res.json(onNode.principalOf(req).metadata.plan);
});

const onFastify = fastifyGuards.apiKeyGuard(keys);
const plugins = fastify();
await plugins.register(onFastify);
await plugins.register(fastifyGuards.apiKeyGuard, { keys, scopes: ['orders:read'] });
plugins.get('/me', { onRequest: onFastify.requireScopes('orders:read') }, async (request) => {
  same<typeof request.principal, Principal>();
  return onFastify.principalOf(request).metadata.seats;
});

export const GET = fetchGuards.apiKeyGuard(
  keys,
  (_request, principal, context: { readonly params: Promise<{ id: string }> }) => {
    same<typeof principal, Caller>();
    return Response.json({ owner: principal.owner, context });
  },
  { headers: ['authorization', 'x-api-key'] },
);

export const HEAD = GET.requireScopes('orders:read')(() => new Response());

interface Bindings {
  readonly KEYS: typeof keys;
}
const onHono = honoGuards.apiKeyGuard(keys);
new Hono().use('/api/*', onHono).get('/api/me', onHono.requireScopes('orders:read'), (c) => {
  same<ReturnType<typeof onHono.principalOf>, Caller>();
  return c.json(onHono.principalOf(c));
});
new Hono<{ Bindings: Bindings }>()
  .use(honoGuards.apiKeyGuard((c: Context<{ Bindings: Bindings }>) => c.env.KEYS))
  .get('/me', (c) => c.json(honoGuards.principalOf(c)));

const onKoa = koaGuards.apiKeyGuard(keys);
new Koa().use(onKoa).use((ctx) => {
  same<typeof ctx.state.principal, Caller>();
  ctx.body = onKoa.principalOf(ctx).metadata.plan;
});
new Koa().use(onKoa).use(onKoa.requireScopes('orders:read'));

const onH3 = h3Guards.apiKeyGuard(keys);
new H3().use('/api/**', onH3).get('/api/me', (event) => onH3.principalOf(event).metadata.plan, {
  middleware: [onH3.requireScopes('orders:read')],
});

const onElysia = elysiaGuards.apiKeyGuard(keys);
new Elysia().derive(onElysia).get('/me', ({ principal }) => principal.metadata.plan, {
  beforeHandle: onElysia.requireScopes('orders:read'),
});

const onHapi = hapiGuards.apiKeyGuard(keys);
const routes = server();
routes.auth.scheme('api-key', onHapi);
routes.route({
  method: 'GET',
  path: '/me',
  options: { ext: { onCredentials: { method: onHapi.requireScopes('orders:read') } } },
  handler: (request) => onHapi.principalOf(request).metadata.plan,
});

export const handler = lambdaGuards.apiKeyGuard(keys, { response: 'simple' });
export const lambda = handler.requireScopes('orders:read')(async (event) => {
  return { statusCode: 200, body: handler.principalOf(event).metadata.plan };
});

const t = initTRPC.context<trpcGuards.ApiKeyContext>().create();
const onTrpc = trpcGuards.apiKeyGuard(keys);
export const router = t.router({
  plan: t.procedure
    .use(onTrpc)
    .use(onTrpc.requireScopes('orders:read'))
    .query(({ ctx }) => ctx.principal.metadata.plan),
});
