import { createServer } from 'node:http';
import fastify from 'fastify';
import { Hono } from 'hono';
import { memoryStore } from 'keywright';
import { type KeywrightKeysElement, TEXTS } from 'keywright/dashboard';
import {
  contextOf,
  createManagement,
  managementPlugin,
  type Session,
  toHonoHandler,
  toKoaMiddleware,
  toNodeHandler,
} from 'keywright/management';
import { createTotp } from 'keywright/totp';
import Koa from 'koa';
import { actor, keys } from './keys.ts';

const totp = createTotp({
  store: memoryStore(),
  encryptionKey: new Uint8Array(32),
  issuer: 'Acme',
  accountName: (session: Session) => session.actor.id,
});

const management = createManagement({
  keys,
  basePath: '/app/api-keys',
  stepUp: totp,
  brand: { name: 'Acme', apiUrl: { live: 'https://api.example.com/v1/me' } },
  authorize: async (request) => {
    if (contextOf(request) === undefined) return undefined;
    return { actor, owner: 'org_acme', scopes: ['orders:read'], metadata: { plan: 'team' } };
  },
  onError: (error, request) => console.error(error, request.url),
});

createServer(toNodeHandler(management));
new Hono().all('/app/api-keys/*', toHonoHandler(management));
new Koa().use(toKoaMiddleware(management.under('/admin')));
await fastify().register(managementPlugin, { management });
await totp.reset({ owner: 'org_acme', actorId: 'user_bob', actor });

export function translate(element: KeywrightKeysElement): void {
  element.texts = { ...TEXTS };
  element.basePath = management.basePath;
}
