import * as elysia from 'keywright/elysia';
import * as h3 from 'keywright/h3';
import * as hapi from 'keywright/hapi';
import * as hono from 'keywright/hono';
import * as koa from 'keywright/koa';
import * as lambda from 'keywright/lambda';
import * as nest from 'keywright/nest';
import * as trpc from 'keywright/trpc';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { failureOf, setUp, wrong } from '../support.ts';
import { exchangeOf } from './exchange.ts';
import { hosts } from './hosts.ts';

const { keys } = setUp();
const request = new Request('https://api.example.com');

/** Each guard, and what a context without a principal is there. */
const GUARDS = {
  hono: { ...hono, empty: { get: () => undefined } },
  koa: { ...koa, empty: { state: {} } },
  h3: { ...h3, empty: { req: request, context: {} } },
  elysia: { ...elysia, empty: {} },
  hapi: { ...hapi, empty: { auth: {} } },
  trpc: { ...trpc, empty: {} },
  nest: { ...nest, empty: {} },
  lambda: { ...lambda, empty: { requestContext: {} } },
};
type Name = keyof typeof GUARDS;
const names = Object.keys(GUARDS) as Name[];

/** What `requireScopes` makes, called as the framework calls it, before a route that no guard protects. */
const CALLS: Readonly<Record<Name, () => unknown>> = {
  hono: () => hono.requireScopes('read')(wrong(GUARDS.hono.empty), wrong(undefined)),
  koa: () => koa.requireScopes('read')(wrong(GUARDS.koa.empty), wrong(undefined)),
  h3: () => h3.requireScopes('read')(wrong(GUARDS.h3.empty), wrong(undefined)),
  elysia: () => elysia.requireScopes('read')(GUARDS.elysia.empty),
  hapi: () => hapi.requireScopes('read').call(null, wrong(GUARDS.hapi.empty), wrong(undefined)),
  trpc: () => trpc.requireScopes('read')(wrong({ ctx: GUARDS.trpc.empty })),
  nest: () => nest.requireScopes('read').canActivate(nestContext({})),
  lambda: () => lambda.requireScopes('read')(() => 'let in')(GUARDS.lambda.empty),
};

function nestContext(req: object, type = 'http'): Parameters<nest.NestGuard['canActivate']>[0] {
  const http = { getRequest: () => wrong(req), getResponse: () => wrong({}) };
  return { getType: () => type, switchToHttp: () => http };
}

describe.each(names)('the guard of keywright/%s', (name) => {
  const { apiKeyGuard, requireScopes, principalOf, empty } = GUARDS[name];

  it('checks its options when it is made', () => {
    for (const [options, argument] of [
      [{ scope: ['read'] }, 'options.scope'],
      [{ environments: ['prod'] }, 'environments[0]'],
      [{ scopes: 'read' }, 'scopes'],
    ] as const) {
      expect(() => apiKeyGuard(keys, wrong(options))).toThrow(
        expect.objectContaining({ code: 'invalid_argument', argument }),
      );
    }
    expect(() => apiKeyGuard(wrong(undefined))).toThrow('keys must come from createApiKeys()');
    expect(() => requireScopes()).toThrow('scopes must name at least one scope');
    expect(() => requireScopes('two words')).toThrow('scopes[0]');
  });

  it('has an error for what stands behind no guard', async () => {
    expect(() => principalOf(wrong(empty))).toThrow(
      expect.objectContaining({ code: 'principal_missing' }),
    );
    expect(await failureOf(CALLS[name])).toMatchObject({ code: 'principal_missing' });
  });
});

// `node:http` has nobody to hand an error to but the process; node-host.test.ts sees to it.
const servers = Object.entries(hosts).filter(([name]) => name !== 'node');

describe.each(servers)('on a server: %s', (_name, open) => {
  it('an authentication that rejects lets nobody in', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    let handled = 0;
    const handle = () => {
      handled++;
      return '{}';
    };
    const broken = { format: keys.format, authenticate: () => Promise.reject(new Error('broken')) };
    const site = await open(wrong(broken), [{ path: '/open', options: {}, handle }]);
    onTestFinished(async () => {
      await site.close?.();
    });
    const [answer] = await exchangeOf(site)([{ path: '/open' }]);
    expect(answer?.status).toBeGreaterThanOrEqual(500);
    expect(handled).toBe(0);
  });
});

describe('the guard of keywright/nest', () => {
  it('lets nobody in who does not come over HTTP', async () => {
    const guards = [nest.apiKeyGuard(keys), nest.requireScopes('read')];
    for (const type of ['ws', 'rpc', 'graphql']) {
      for (const guard of guards)
        expect(await guard.canActivate(nestContext({}, type))).toBe(false);
    }
  });
});
