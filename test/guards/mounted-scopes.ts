import 'reflect-metadata';
import { server } from '@hapi/hapi';
import { All, Controller, Get, Module, UseGuards } from '@nestjs/common';
import { initTRPC } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { Elysia } from 'elysia';
import { apiKeyGuard as elysiaGuard } from 'keywright/elysia';
import { apiKeyGuard as hapiGuard } from 'keywright/hapi';
import { apiKeyGuard as nestGuard } from 'keywright/nest';
import { type ApiKeyContext, apiKeyGuard as trpcGuard } from 'keywright/trpc';
import { elysiaOnNode, listen as listenElysia } from './elysia-app.ts';
import type { Mount } from './mounted.ts';
import { listenNest } from './nest-app.ts';
import { serve } from './server.ts';

/** Decorates a method, as the syntax would. */
function decorate(target: object, method: string, ...decorators: readonly MethodDecorator[]): void {
  const descriptor = Object.getOwnPropertyDescriptor(target, method);
  if (descriptor === undefined) throw new Error(`no method ${method}`);
  for (const apply of decorators) apply(target, method, descriptor);
}

export function mountNest(platform: 'express' | 'fastify'): Mount {
  return (keys, reach) => {
    class Api {
      answer(): string {
        return reach();
      }
    }
    decorate(Api.prototype, 'answer', All(['me', 'items/:id']));
    UseGuards(nestGuard(keys))(Api);
    Controller('api')(Api);
    class Health {
      answer(): string {
        return 'ok';
      }
    }
    decorate(Health.prototype, 'answer', Get());
    Controller('health')(Health);
    class App {}
    Module({ controllers: [Api, Health] })(App);
    return listenNest(App, platform);
  };
}

export const mountElysia: Mount = (keys, reach) => {
  const api = new Elysia({ prefix: '/api' })
    .derive(elysiaGuard(keys))
    .all('/me', () => reach())
    .all('/items/:id', () => reach());
  return listenElysia(
    elysiaOnNode()
      .get('/health', () => 'ok')
      .use(api),
  );
};

export const mountHapi: Mount = async (keys, reach) => {
  const app = server({ host: '127.0.0.1', port: 0 });
  app.auth.scheme('api-key', hapiGuard(keys));
  app.auth.strategy('api-key', 'api-key');
  app.auth.default('api-key');
  app.route({ method: 'GET', path: '/health', options: { auth: false }, handler: () => 'ok' });
  for (const path of ['/api/me', '/api/items/{id}']) {
    for (const method of ['*', 'GET'] as const) app.route({ method, path, handler: () => reach() });
  }
  await app.start();
  return { origin: app.info.uri, close: () => app.stop({ timeout: 0 }) };
};

export const mountTrpc: Mount = (keys, reach) => {
  const t = initTRPC.context<ApiKeyContext>().create();
  const guarded = t.procedure.use(trpcGuard(keys));
  const router = t.router({
    me: guarded.query(reach),
    items: t.router({ byId: guarded.mutation(reach) }),
    health: t.procedure.query(() => 'ok'),
  });
  const handler = createHTTPHandler({
    router,
    basePath: '/api/',
    createContext: ({ req }) => ({ req }),
    allowMethodOverride: true,
  });
  return serve(handler);
};
