import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { testGuard } from 'keywright/testing';
import { returnRefusals } from 'keywright/trpc';
import { describe, it } from 'vitest';
import { webExchange } from '../../src/testing/guard/web.ts';
import { serveTrpc, trpcRouter, unwrapped } from './trpc-server.ts';

const runner = { describe, it };

describe('the guard of keywright/trpc, on the standalone server', () => {
  testGuard(serveTrpc, runner);
});

describe('the guard of keywright/trpc, on Web standards', () => {
  testGuard((keys, routes) => {
    const router = trpcRouter(keys, routes);
    const handle = returnRefusals((request) => {
      const { url, headers } = request;
      const req = new Request(url, { headers });
      return fetchRequestHandler({
        endpoint: '',
        router,
        req,
        createContext: () => ({ req: request }),
      });
    });
    return { exchange: unwrapped(webExchange(handle)) };
  }, runner);
});
