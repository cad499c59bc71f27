import { toNodeHandler } from 'h3';
import { testGuard } from 'keywright/testing';
import { describe, it } from 'vitest';
import { bridge } from './bridge.ts';
import { h3App } from './h3-app.ts';
import { serve, serveHttp2 } from './server.ts';

const runner = { describe, it };

describe('the guard of keywright/h3, on Node', () => {
  testGuard((keys, routes) => serve(toNodeHandler(h3App(keys, routes))), runner);
});

describe('the guard of keywright/h3, on Node over HTTP/2', () => {
  testGuard((keys, routes) => serveHttp2(toNodeHandler(h3App(keys, routes))), runner);
});

describe('the guard of keywright/h3, where there is no request of Node', () => {
  testGuard((keys, routes) => {
    const app = h3App(keys, routes);
    return serve(bridge(async (request) => app.fetch(request)));
  }, runner);
});
