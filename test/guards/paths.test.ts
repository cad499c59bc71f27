import Router from '@koa/router';
import { apiKeyGuard } from 'keywright/koa';
import type { WireRequest } from 'keywright/testing';
import Koa from 'koa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { socketExchange } from '../../src/testing/guard/socket.ts';
import { makeKey, setUp } from '../support.ts';
import { mounts } from './mounted.ts';
import { serve } from './server.ts';

const { keys } = setUp();

/** Ways to write a path that some router, proxy or middleware somewhere takes for `/api/me`. */
const SPELLINGS = [
  '/api/me',
  '/api/me/',
  '/api/me?x=1',
  '/api/me#x',
  '/api/me;x=1',
  '//api/me',
  '/api//me',
  '///api///me',
  '/API/me',
  '/api/ME',
  '/%61pi/me',
  '/api/m%65',
  '/api%2Fme',
  '/api%2fme',
  '/api/%6D%65',
  '/api%5Cme',
  '/api\\me',
  '/./api/./me',
  '/health/../api/me',
  '/health/%2e%2e/api/me',
  '/api/x/..%2Fme',
  '/%2561pi/me',
  '/api/me%00',
  '/api/me%20',
  '/api/me.json',
  'http://example.com/api/me',
  'http://example.com//api/me',
  '/api/items/1',
  '/api/items/%2e%2e',
  '/api/items/a%2Fb',
  '/API/Items/1',
  '/api/items/1/',
  '/api/items.byId',
  '/api/health,me',
  '/api/me,health?batch=1',
];

const PREFLIGHT = [
  ['Origin', 'https://example.com'],
  ['Access-Control-Request-Method', 'GET'],
  ['Access-Control-Request-Headers', 'authorization'],
] as const;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'];

/** Every spelling with every method, one connection each: servers close some of them. */
async function statuses(origin: string, lines: WireRequest['lines'] = []): Promise<number[]> {
  const exchange = socketExchange(origin);
  const requests = SPELLINGS.flatMap((path) =>
    METHODS.map((method) => ({
      method,
      path,
      lines: [...(lines ?? []), ...(method === 'OPTIONS' ? PREFLIGHT : [])],
    })),
  );
  const answers = await Promise.all(requests.map((request) => exchange([request])));
  return answers.map(([answer]) => answer?.status ?? 0);
}

describe.each(Object.entries(mounts))(
  'the guard of %s, where the guide mounts it',
  (name, mount) => {
    it('guards every way to a route, and accepts a valid key', async () => {
      let reached = 0;
      const { origin, close } = await mount(keys, () => {
        reached++;
        return 'reached';
      });
      onTestFinished(async () => {
        await close();
      });
      const stranger = await statuses(origin);
      expect(reached).toBe(0);
      expect(stranger[0]).toBe(401);
      const { token } = await makeKey(keys);
      const holder = await statuses(origin, [['Authorization', `Bearer ${token}`]]);
      expect(holder[0]).toBe(200);
      // Whatever a key opens, it is the key that opens it.
      expect(holder.filter((status) => status === 401)).toEqual([]);
      expect(reached).toBeGreaterThan(5);
      const health = name === 'trpc' ? '/api/health' : '/health';
      const [answer] = await socketExchange(origin)([{ path: health }]);
      expect(answer?.status).toBe(200);
    });
  },
);

describe('the prefix of a router of Koa', () => {
  it('differs between middleware and routes, as the guide warns', async () => {
    const api = new Router({ prefix: '/api' });
    api.use(apiKeyGuard(keys));
    api.get('/me', (ctx) => {
      ctx.body = 'reached';
    });
    const { origin, close } = await serve(new Koa().use(api.routes() as never).callback());
    onTestFinished(close);
    const status = async (path: string) => (await fetch(origin + path)).status;
    expect(await status('/api/me')).toBe(401);
    expect(await status('/API/me')).toBe(200);
  });
});
