import { Elysia } from 'elysia';
import { testGuard } from 'keywright/testing';
import { describe, it } from 'vitest';
import { bridge } from './bridge.ts';
import { elysiaApp, serveElysia } from './elysia-app.ts';
import { serve } from './server.ts';

const runner = { describe, it };

describe('the guard of keywright/elysia, on @elysiajs/node', () => {
  testGuard(serveElysia, runner);
});

describe('the guard of keywright/elysia, on Web standards', () => {
  testGuard((keys, routes) => {
    const app = elysiaApp(new Elysia(), keys, routes);
    return serve(bridge(async (request) => app.handle(request)));
  }, runner);
});
