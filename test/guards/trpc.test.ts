import { testGuard } from 'keywright/testing';
import { describe, it } from 'vitest';
import { webExchange } from '../../src/testing/guard/web.ts';
import { serveTrpc, trpcHandler, unwrapped } from './trpc-server.ts';

const runner = { describe, it };

describe('the guard of keywright/trpc, on a server of Node', () => {
  testGuard(serveTrpc, runner);
});

describe('the guard of keywright/trpc, on Web standards', () => {
  testGuard((keys, routes) => {
    return { exchange: unwrapped(webExchange(trpcHandler(keys, routes))) };
  }, runner);
});
