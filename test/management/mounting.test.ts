import { Readable } from 'node:stream';
import express, { type RequestHandler } from 'express';
import Fastify, { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import { Hono } from 'hono';
import {
  managementPlugin,
  toHonoHandler,
  toKoaMiddleware,
  toNodeHandler,
} from 'keywright/management';
import Koa from 'koa';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../support.ts';
import { listening, type Mount, type Mounting } from './bridges.ts';
import { type Mounted, mount } from './support.ts';

let open: Mounting | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

const init = (base: string, body?: string): RequestInit => ({
  method: body === undefined ? 'GET' : 'POST',
  headers: { cookie: 'session=ada', origin: base, 'content-type': 'application/json' },
  ...(body === undefined ? {} : { body }),
});

describe('a body that somebody else has read', () => {
  const byHost = {
    name: 'One',
    owner: 'org_1',
    environment: 'live',
    actor: { id: 'host' },
  } as const;

  const draining: RequestHandler = (req, _res, next) => {
    req.on('end', () => next()).resume();
  };
  const broken: RequestHandler = (req, _res, next) => {
    const circle: Record<string, unknown> = {};
    circle.circle = circle;
    req.on('end', () => next(Object.assign(req, { body: circle }) && undefined)).resume();
  };
  const inExpress =
    (...before: readonly RequestHandler[]): Mount =>
    (management) =>
      listening(express().use(...before, toNodeHandler(management)));
  const inKoa: Mount = (management) => {
    const app = new Koa();
    app.use(async (ctx, next) => {
      await ctx.req.resume().toArray();
      await next();
    });
    app.use(toKoaMiddleware(management));
    return listening(app.callback());
  };
  const inFastify: Mount = async (management) => {
    const app = Fastify();
    app.addHook('preParsing', async (_request, _reply, payload) => {
      await (payload as Readable).toArray();
      return Readable.from([]);
    });
    app.register(managementPlugin, { management });
    await app.ready();
    return listening(app.routing);
  };
  const inHono: Mount = (management) => {
    const app = new Hono();
    app.use(async (c, next) => {
      await c.req.text();
      await next();
    });
    app.all('*', toHonoHandler(management));
    const whole = Object.assign(async (request: Request) => app.fetch(request), { basePath: '' });
    return listening(toNodeHandler(whole));
  };

  async function rotateIn(start: Mount, body: string | undefined) {
    const mounted = await mount();
    open = await start(mounted.management);
    const { record } = await mounted.keys.create(byHost);
    const url = `${open.base}/app/api-keys/api/keys/${record.id}/rotate`;
    const { status } = await fetch(url, { ...init(open.base, body), method: 'POST' });
    return { status, errors: mounted.errors, record: await mounted.keys.get(record.id) };
  }

  it.each<[string, Mount]>([
    ['Express', inExpress(draining)],
    ['Express, with a body that is no JSON', inExpress(broken)],
    ['Koa', inKoa],
    ['Fastify', inFastify],
    ['Hono', inHono],
  ])('is a failure of the host’s, and changes nothing: %s', async (_name, start) => {
    const { status, errors, record } = await rotateIn(start, '{"graceMs":1000}');
    expect(status).toBe(500);
    expect(errors).toMatchObject([{ message: expect.stringContaining('was read before') }]);
    expect(record).not.toHaveProperty('replacedBy');
  });

  it.each<[string, Mount]>([
    ['as a text', inExpress(express.text({ type: '*/*' }))],
    ['as bytes', inExpress(express.raw({ type: '*/*' }))],
    ['as JSON', inExpress(express.json())],
  ])('is used where it was left %s', async (_name, start) => {
    const { status, record } = await rotateIn(start, '{"graceMs":1000}');
    expect(status).toBe(201);
    expect(record).toMatchObject({ expiresAt: (record?.replacedAt ?? 0) + 1000 });
  });

  it('does not matter where there was none', async () => {
    expect(await rotateIn(inExpress(draining), undefined)).toMatchObject({ status: 201 });
  });
});

/** Reads keys and pages at the address that a browser uses, and what the pages name. */
async function expectServed(base: string, path: string): Promise<void> {
  const ask = (below: string) => fetch(base + path + below, init(base));
  expect(await (await ask('/api/keys')).json()).toEqual({ items: [] });
  const { servers } = (await (await ask('/openapi.json')).json()) as { servers: unknown };
  expect(servers).toEqual([{ url: path }]);
  for (const page of ['', '/', '/guide']) {
    const html = await (await ask(page)).text();
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect((await fetch(base + file, init(base))).status, file).toBe(200);
    }
  }
}

describe('managementPlugin in a scope with a prefix', () => {
  const served = async (register: (app: FastifyInstance) => void) => {
    const app = Fastify();
    register(app);
    await app.ready();
    open = await listening(app.routing);
    return open.base;
  };

  it.each([
    ['/admin', '/app/api-keys', '/admin/app/api-keys'],
    ['/app', '/app/api-keys', '/app/api-keys'],
    ['/app/api-keys', '/app/api-keys', '/app/api-keys'],
    ['/admin/', '/keys', '/admin/keys'],
    ['/admin', '', '/admin'],
    ['/app', '/apples', '/app/apples'],
  ])('%s serves basePath %j at %s', async (prefix, basePath, path) => {
    const { management } = await mount({ basePath });
    const base = await served((app) => app.register(managementPlugin, { management, prefix }));
    await expectServed(base, path);
  });

  it('serves below all prefixes of the scopes around it, and counts as one handler', async () => {
    const { management } = await mount({ basePath: '/keys', quota: 2 });
    const base = await served((app) => {
      const outer: FastifyPluginCallback = (scope, _options, done) => {
        for (const prefix of ['/two', '/three']) {
          scope.register(managementPlugin, { management, prefix });
        }
        done();
      };
      app.register(outer, { prefix: '/one' });
    });
    await expectServed(base, '/one/two/keys');
    const create = (path: string) =>
      fetch(`${base}/one/${path}/keys/api/keys`, init(base, '{"name":"One","environment":"live"}'));
    const answers = await Promise.all(['two', 'three', 'two', 'three'].map(create));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
  });

  it('follows rewriteUrl, as the routes of Fastify do', async () => {
    const { management } = await mount({ basePath: '/keys' });
    const app = Fastify({ rewriteUrl: ({ url = '' }) => url.replace('/public', '') });
    app.register(managementPlugin, { management });
    await app.ready();
    open = await listening(app.routing);
    const answer = await fetch(`${open.base}/public/keys/api/keys`, init(open.base));
    expect(await answer.json()).toEqual({ items: [] });
  });

  it('refuses a prefix with a parameter', async () => {
    const { management } = await mount({ basePath: '/keys' });
    const app = Fastify();
    app.register(managementPlugin, { management, prefix: '/:tenant' });
    const failure = await failureOf(async () => app.ready());
    expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'prefix' });
  });
});

describe('a handler behind a proxy that strips a prefix', () => {
  /** The proxy, in one process with the handler: Node sees the path without the prefix. */
  const stripping = ({ management }: Mounted, prefix: string) => {
    const handle = toNodeHandler(management);
    return listening((req, res) => {
      req.url = (req.url ?? '').replace(prefix, '') || '/';
      handle(req, res);
    });
  };

  it.each([
    ['/app', '/keys'],
    ['/app/keys', ''],
  ])('names the public path in its pages: %s stripped, basePath %j', async (prefix, basePath) => {
    const publicPath = '/app/keys';
    open = await stripping(await mount({ basePath, publicPath }), prefix);
    await expectServed(open.base, publicPath);
  });

  it.each([['app'], ['/app/'], ['/a/../b'], [7]])(
    'refuses the public path %j',
    async (publicPath) => {
      const options = { publicPath } as object;
      const failure = await failureOf(() => mount(options));
      expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'publicPath' });
    },
  );
});
