import 'reflect-metadata';
import {
  Catch,
  Controller,
  Get,
  type INestApplication,
  Module,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Principal } from 'keywright';
import { unauthorized } from 'keywright';
import { ApiPrincipal, apiKeyGuard, principalOf, requireScopes } from 'keywright/nest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeKey, setUp, wrong } from '../support.ts';

const { keys } = setUp();
const platforms = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

/** A controller with `GET /me`, whose parameter is the principal. */
function controller(...guards: object[]): Type {
  class Me {
    me(principal: Principal) {
      return principal.owner;
    }
  }
  const method = Object.getOwnPropertyDescriptor(Me.prototype, 'me');
  if (method === undefined) throw new Error('no method');
  Get('me')(Me.prototype, 'me', method);
  ApiPrincipal()(Me.prototype, 'me', 0);
  if (guards.length > 0) UseGuards(...(guards as never[]))(Me);
  Controller()(Me);
  return Me;
}

async function serving(
  platform: keyof typeof platforms,
  metadata: Parameters<typeof Module>[0],
  prepare: (app: INestApplication) => void = () => {},
) {
  class App {}
  Module(metadata)(App);
  const app = await NestFactory.create(App, platforms[platform](), { logger: false });
  prepare(app);
  await app.listen(0, '127.0.0.1');
  onTestFinished(() => app.close());
  const url = await app.getUrl();
  return (token?: string) =>
    fetch(`${url}/me`, token ? { headers: { authorization: `Bearer ${token}` } } : {});
}

describe.each(['express', 'fastify'] as const)('the guard of keywright/nest on %s', (platform) => {
  it('stands before the whole app where it is provided as APP_GUARD', async () => {
    const { token } = await makeKey(keys);
    const providers = [{ provide: APP_GUARD, useValue: apiKeyGuard(keys) }];
    const ask = await serving(platform, { controllers: [controller()], providers });
    expect((await ask()).status).toBe(401);
    expect(await (await ask(token)).text()).toBe('org_1');
  });

  it('answers itself: no exception filter of the host sees a refusal', async () => {
    const seen: unknown[] = [];
    class Filter {
      catch(error: unknown) {
        seen.push(error);
      }
    }
    Catch()(Filter);
    const providers = [{ provide: APP_FILTER, useClass: Filter }];
    const { token } = await makeKey(keys);
    const guards = [apiKeyGuard(keys), requireScopes('admin')];
    const ask = await serving(platform, { controllers: [controller(...guards)], providers });
    const response = await ask();
    expect(response.status).toBe(401);
    expect(await response.text()).toBe(unauthorized().body);
    expect((await ask(token)).status).toBe(403);
    expect(seen).toEqual([]);
  });

  it('answers with the headers of CORS', async () => {
    const metadata = { controllers: [controller(apiKeyGuard(keys))] };
    const ask = await serving(platform, metadata, (app) =>
      app.enableCors({ origin: 'https://example.com' }),
    );
    const response = await ask();
    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://example.com');
  });

  it('answers 500 where a parameter asks for the principal and no guard stands before it', async () => {
    const ask = await serving(platform, { controllers: [controller()] });
    expect((await ask((await makeKey(keys)).token)).status).toBe(500);
  });
});

describe('the parameter decorator of keywright/nest', () => {
  it('stands beside others, and is inherited with them', () => {
    class Base {
      me(_principal: Principal, _other: Principal) {}
    }
    ApiPrincipal()(Base.prototype, 'me', 0);
    ApiPrincipal()(Base.prototype, 'me', 1);
    class Derived extends Base {}
    const args = Reflect.getMetadata('__routeArguments__', Derived, 'me') as object;
    expect(Object.values(args).map(({ index }) => index)).toEqual([0, 1]);
  });

  it('belongs to the parameter of a method', () => {
    class Wrong {}
    expect(() => ApiPrincipal()(Wrong, undefined, 0)).toThrow('needs a method of Nest');
  });

  it('reads what the guard has left', () => {
    const principal = { owner: 'org_1' };
    expect(principalOf(wrong({ principal }))).toBe(principal);
  });
});
