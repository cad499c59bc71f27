import { testGuard } from 'keywright/testing';
import { describe, it } from 'vitest';
import { nodeRoutes } from './node-routes.ts';
import { serve, serveHttp2 } from './server.ts';

const runner = { describe, it };

describe('the guard of keywright/node, in node:http', () => {
  testGuard((keys, routes) => serve(nodeRoutes(keys, routes)), runner);
});

describe('the guard of keywright/node, in node:http2', () => {
  testGuard((keys, routes) => serveHttp2(nodeRoutes(keys, routes)), runner);
});
