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
import { wrong } from '../support.ts';

/** The two functions that stand alone, and that each guard carries too. */
interface Functions {
  requireScopes(...scopes: string[]): unknown;
  principalOf(source: object): unknown;
}

interface GuardModule extends Functions {
  apiKeyGuard(keys: unknown, options?: object): Functions;
}

interface Tried {
  /** What the subpath exports; each has types of its own for the same functions. */
  readonly exports: GuardModule;
  /** What the framework has where no guard stands before a route. */
  readonly empty: object;
  /** Calls what `requireScopes` returned as the framework does, with `empty`. */
  readonly call: (requirement: never) => unknown;
}

/** The guard of every subpath, to be called alike. */
export const guardModules: Readonly<Record<string, Tried>> = {
  node: tried(node, {}, (empty, call: Callable) => call(empty, {}, () => {})),
  fastify: tried(fastify, {}, (empty, call: Callable) => call(empty, {}, () => {})),
  'fastify, a single route': tried(
    { ...fastify, apiKeyGuard: fastify.apiKeyHook },
    {},
    (empty, call: Callable) => call(empty, {}, () => {}),
  ),
  fetch: tried(
    {
      ...web,
      apiKeyGuard: (keys: never, options: object) =>
        web.apiKeyGuard(keys, () => new Response(), options),
    },
    new Request('https://api.example.com'),
    (empty, wrap: (handler: () => Response) => Callable) => wrap(() => new Response())(empty),
  ),
  hono: tried(hono, { get: () => undefined }, (empty, call: Callable) => call(empty)),
  koa: tried(koa, { state: {} }, (empty, call: Callable) => call(empty)),
  h3: tried(h3, { context: {} }, (empty, call: Callable) => call(empty)),
  elysia: tried(elysia, {}, (empty, call: Callable) => call(empty)),
  hapi: tried(hapi, { auth: {} }, (empty, call: Callable) => call(empty)),
  trpc: tried(trpc, {}, (ctx, call: Callable) => call({ ctx })),
  nest: tried(nest, {}, (empty, guard: nest.NestGuard) => guard.canActivate(nestContext(empty))),
  lambda: tried(
    lambda,
    { requestContext: {} },
    (empty, wrap: (handler: () => string) => Callable) => wrap(() => 'let in')(empty),
  ),
};

type Callable = (...args: unknown[]) => unknown;

function tried<Requirement>(
  exports: object,
  empty: object,
  call: (empty: object, requirement: Requirement) => unknown,
): Tried {
  return {
    exports: wrong(exports),
    empty,
    call: (requirement) => call(empty, requirement),
  };
}

/** An execution context of Nest with a request. */
export function nestContext(
  req: object,
  type = 'http',
): Parameters<nest.NestGuard['canActivate']>[0] {
  const http = { getRequest: () => wrong(req), getResponse: () => wrong({}) };
  return { getType: () => type, switchToHttp: () => http };
}
