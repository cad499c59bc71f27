import type { Principal } from 'keywright';
import * as elysia from 'keywright/elysia';
import * as fastify from 'keywright/fastify';
import * as web from 'keywright/fetch';
import * as h3 from 'keywright/h3';
import * as hapi from 'keywright/hapi';
import * as hono from 'keywright/hono';
import * as koa from 'keywright/koa';
import * as lambda from 'keywright/lambda';
import * as nest from 'keywright/nest';
import * as node from 'keywright/node';
import * as trpc from 'keywright/trpc';
import { describe, expectTypeOf, it } from 'vitest';
import { type Caller, keys } from './typed-keys.ts';

/** The guards of all subpaths, for a service with the principal `Caller`. */
interface Guards {
  elysia: typeof elysia.apiKeyGuard<Caller>;
  fastify: typeof fastify.apiKeyGuard<Caller>;
  fastifyHook: typeof fastify.apiKeyHook<Caller>;
  h3: typeof h3.apiKeyGuard<Caller>;
  hapi: typeof hapi.apiKeyGuard<Caller>;
  hono: typeof hono.apiKeyGuard<Caller>;
  koa: typeof koa.apiKeyGuard<Caller>;
  lambda: typeof lambda.apiKeyGuard<Caller>;
  nest: typeof nest.apiKeyGuard<Caller>;
  node: typeof node.apiKeyGuard<Caller>;
  trpc: typeof trpc.apiKeyGuard<Caller>;
  web: typeof web.apiKeyGuard<Caller>;
}

interface Options {
  readonly scopes?: readonly ('read' | 'write')[];
  readonly environments?: readonly ('live' | 'test')[];
  readonly headers?: readonly string[];
}

/** The same for all guards. */
type Each<Type> = { [Name in keyof Guards]: Type };

/** What a type of each guard is at a name. */
type Bound<Member extends 'requireScopes' | 'principalOf'> = {
  [Name in keyof Guards]: ReturnType<Guards[Name]>[Member];
};

describe('every guard', () => {
  it('takes the scopes and environments of its service, and no other option', () => {
    type Taken = { [Name in Exclude<keyof Guards, 'web'>]: Parameters<Guards[Name]>[1] };
    interface Lambda {
      lambda: (Options & { readonly response?: 'policy' | 'simple' }) | undefined;
    }
    type Others = Omit<Each<Options | undefined>, 'web' | 'lambda'>;
    expectTypeOf<Omit<Taken, 'lambda'>>().toEqualTypeOf<Others>();
    expectTypeOf<Pick<Taken, 'lambda'>['lambda']>().toExtend<Lambda['lambda']>();
    expectTypeOf<Parameters<Guards['web']>[2]>().toEqualTypeOf<Options | undefined>();
  });

  it('requires scopes of its service', () => {
    type Required = {
      [Name in keyof Guards]: Parameters<Bound<'requireScopes'>[Name]>;
    };
    expectTypeOf<Required>().toEqualTypeOf<Each<('read' | 'write')[]>>();
  });

  it('reads the principal of its service', () => {
    type Read = { [Name in keyof Guards]: ReturnType<Bound<'principalOf'>[Name]> };
    expectTypeOf<Read>().toEqualTypeOf<Each<Caller>>();
  });

  it('returns from the bound requireScopes what the free one returns', () => {
    type Returned = { [Name in keyof Guards]: ReturnType<Bound<'requireScopes'>[Name]> };
    expectTypeOf<Returned>().toEqualTypeOf<{
      elysia: ReturnType<typeof elysia.requireScopes>;
      fastify: ReturnType<typeof fastify.requireScopes>;
      fastifyHook: ReturnType<typeof fastify.requireScopes>;
      h3: ReturnType<typeof h3.requireScopes>;
      hapi: ReturnType<typeof hapi.requireScopes>;
      hono: ReturnType<typeof hono.requireScopes>;
      koa: ReturnType<typeof koa.requireScopes>;
      lambda: ReturnType<typeof lambda.requireScopes>;
      nest: ReturnType<typeof nest.requireScopes>;
      node: ReturnType<typeof node.requireScopes>;
      trpc: ReturnType<typeof trpc.requireScopes>;
      web: ReturnType<typeof web.requireScopes>;
    }>();
  });

  it('has functions that need no guard', () => {
    type Free = typeof node.requireScopes | typeof hono.requireScopes | typeof web.requireScopes;
    expectTypeOf<Parameters<Free>>().toEqualTypeOf<string[]>();
    type Read =
      | typeof elysia.principalOf
      | typeof fastify.principalOf
      | typeof h3.principalOf
      | typeof hapi.principalOf
      | typeof hono.principalOf
      | typeof koa.principalOf
      | typeof lambda.principalOf
      | typeof nest.principalOf
      | typeof node.principalOf
      | typeof trpc.principalOf
      | typeof web.principalOf;
    expectTypeOf<ReturnType<Read>>().toEqualTypeOf<Principal>();
  });

  it('infers its service from the keys, not from the options', () => {
    const wrong = { scopes: ['delete'] } as const;
    // @ts-expect-error: no scope of the service
    elysia.apiKeyGuard(keys, wrong);
    // @ts-expect-error: no scope of the service
    fastify.apiKeyGuard(keys, wrong);
    // @ts-expect-error: no scope of the service
    fastify.apiKeyHook(keys, wrong);
    // @ts-expect-error: no scope of the service
    h3.apiKeyGuard(keys, wrong);
    // @ts-expect-error: no scope of the service
    hapi.apiKeyGuard(keys, wrong);
    // @ts-expect-error: no scope of the service
    hono.apiKeyGuard(keys, wrong);
    // @ts-expect-error: no scope of the service
    koa.apiKeyGuard(keys, wrong);
    // @ts-expect-error: no scope of the service
    lambda.apiKeyGuard(keys, wrong);
    // @ts-expect-error: no scope of the service
    nest.apiKeyGuard(keys, wrong);
    // @ts-expect-error: no scope of the service
    node.apiKeyGuard(keys, wrong);
    // @ts-expect-error: no scope of the service
    trpc.apiKeyGuard(keys, wrong);
    // @ts-expect-error: no scope of the service
    web.apiKeyGuard(keys, () => new Response(), wrong);
  });

  it('infers its service from a function that returns the keys, at once or later', () => {
    const guards = [
      elysia.apiKeyGuard(() => keys),
      fastify.apiKeyGuard((request) => (request.url === '/' ? keys : keys)),
      fastify.apiKeyHook(async () => keys),
      h3.apiKeyGuard((event) => (event.req.method === 'GET' ? keys : keys)),
      hapi.apiKeyGuard((request) => (request.path === '/' ? keys : keys)),
      hono.apiKeyGuard(async (c) => (c.req.path === '/' ? keys : keys)),
      koa.apiKeyGuard((ctx) => (ctx.status === 404 ? keys : keys)),
      lambda.apiKeyGuard((event) => (event.version === '2.0' ? keys : keys)),
      nest.apiKeyGuard((context) => (context.getClass() === Object ? keys : keys)),
      node.apiKeyGuard((req) => (req.method === 'GET' ? keys : keys)),
      trpc.apiKeyGuard((ctx) => ('raw' in ctx.req ? keys : keys)),
      web.apiKeyGuard(
        (request: Request, env: { name: string }) => (request.url === env.name ? keys : keys),
        (_request, principal, env) => Response.json([principal.metadata.plan, env.name]),
      ),
    ] as const;
    expectTypeOf<Parameters<(typeof guards)[number]['requireScopes']>>().toEqualTypeOf<
      ('read' | 'write')[]
    >();
    expectTypeOf<ReturnType<(typeof guards)[number]['principalOf']>>().toEqualTypeOf<Caller>();
  });
});
