import 'reflect-metadata';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  Get,
  HttpException,
  type INestApplication,
  Inject,
  Module,
  type Type,
  UseGuards,
} from '@nestjs/common';
import {
  APP_FILTER,
  APP_GUARD,
  BaseExceptionFilter,
  HttpAdapterHost,
  NestFactory,
} from '@nestjs/core';
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
  it('guards the whole app as APP_GUARD', async () => {
    const { token } = await makeKey(keys);
    const providers = [{ provide: APP_GUARD, useValue: apiKeyGuard(keys) }];
    const ask = await serving(platform, { controllers: [controller()], providers });
    expect((await ask()).status).toBe(401);
    expect(await (await ask(token)).text()).toBe('org_1');
  });

  it('throws one exception for all reasons, which exception filters receive', async () => {
    const seen: unknown[] = [];
    class Filter extends BaseExceptionFilter {
      override catch(error: unknown, host: ArgumentsHost) {
        seen.push(error);
        super.catch(error, host);
      }
    }
    Catch()(Filter);
    Inject(HttpAdapterHost)(Filter, 'httpAdapterHost');
    const providers = [{ provide: APP_FILTER, useClass: Filter }];
    const { token } = await makeKey(keys);
    const guards = [apiKeyGuard(keys), requireScopes('admin')];
    const ask = await serving(platform, { controllers: [controller(...guards)], providers });
    for (const presented of [undefined, `${token.slice(0, -1)}-`]) {
      const response = await ask(presented);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api"');
      expect(await response.text()).toBe(unauthorized().body);
    }
    expect((await ask(token)).status).toBe(403);
    expect(seen.map((error) => error instanceof HttpException)).toEqual([true, true, true]);
    expect(seen[0]).toEqual(seen[1]);
  });

  it('answers with the body of an exception filter', async () => {
    class Filter {
      catch(error: HttpException, host: ArgumentsHost) {
        const response = host.switchToHttp().getResponse();
        response.status(error.getStatus()).send('no entry');
      }
    }
    Catch(HttpException)(Filter);
    const providers = [{ provide: APP_FILTER, useClass: Filter }];
    const metadata = { controllers: [controller(apiKeyGuard(keys))], providers };
    const response = await (await serving(platform, metadata))();
    expect(response.status).toBe(401);
    expect(await response.text()).toBe('no entry');
  });

  it.each([
    ['a text', 'keep out'],
    ['JSON that is no object', '"keep out"'],
    ['JSON with spaces', '{ "error": "keep out" }'],
  ])('answers byte for byte where the body is %s', async (_form, body) => {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
    const own = setUp({ unauthorized: { status: 401, headers, body } });
    const ask = await serving(platform, { controllers: [controller(apiKeyGuard(own.keys))] });
    const response = await ask();
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('content-length')).toBe(String(body.length));
    expect(await response.text()).toBe(body);
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

  it('answers 500 if a parameter reads the principal without a guard', async () => {
    const ask = await serving(platform, { controllers: [controller()] });
    expect((await ask((await makeKey(keys)).token)).status).toBe(500);
  });
});

describe('the parameter decorator of keywright/nest', () => {
  it('reads the principal that the guard has set', () => {
    const principal = { owner: 'org_1' };
    expect(principalOf(wrong({ principal }))).toBe(principal);
  });
});
