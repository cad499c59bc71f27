import { testGuard } from 'keywright/testing';
import { describe, it } from 'vitest';
import { koaApp } from './koa-routes.ts';
import { serve, serveHttp2 } from './server.ts';

const runner = { describe, it };

describe('the guard of keywright/koa, over HTTP/1.1', () => {
  testGuard((keys, routes) => serve(koaApp(keys, routes).callback()), runner);
});

describe('the guard of keywright/koa, over HTTP/2', () => {
  testGuard((keys, routes) => serveHttp2(koaApp(keys, routes).callback()), runner);
});
