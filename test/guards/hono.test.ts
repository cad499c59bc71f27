import { getRequestListener } from '@hono/node-server';
import { testGuard } from 'keywright/testing';
import { describe, it } from 'vitest';
import { bridge } from './bridge.ts';
import { honoApp } from './hono-routes.ts';
import { serve, serveHttp2 } from './server.ts';

const runner = { describe, it };

describe('the guard of keywright/hono, on @hono/node-server', () => {
  testGuard((keys, routes) => serve(getRequestListener(honoApp(keys, routes).fetch)), runner);
});

describe('the guard of keywright/hono, on @hono/node-server over HTTP/2', () => {
  testGuard((keys, routes) => serveHttp2(getRequestListener(honoApp(keys, routes).fetch)), runner);
});

describe('the guard of keywright/hono, where there is no request of Node', () => {
  testGuard((keys, routes) => {
    const app = honoApp(keys, routes);
    return serve(bridge(async (request) => app.fetch(request)));
  }, runner);
});
