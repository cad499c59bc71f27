import { type AnyRouter, initTRPC } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { unauthorized } from 'keywright';
import {
  type ApiKeyContext,
  apiKeyGuard,
  requireScopes,
  responseMeta,
  returnRefusals,
  sendRefusals,
} from 'keywright/trpc';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { makeKey, setUp, wrong } from '../support.ts';
import { serve } from './server.ts';

const { keys } = setUp();
const t = initTRPC.context<ApiKeyContext>().create({ isDev: false });
const guarded = t.procedure.use(apiKeyGuard(keys));
const router = t.router({
  me: guarded.query(({ ctx }) => ctx.principal.owner),
  write: guarded.use(requireScopes('write')).query(() => 'written'),
  open: t.procedure.query(() => 'open'),
});

let token: string;
beforeEach(async () => {
  ({ token } = await makeKey(keys));
});

function ask(path: string, headers: Record<string, string> = {}) {
  const req = new Request(`https://api.example.com/${path}`, { headers });
  const createContext = () => ({ req });
  return fetchRequestHandler({ endpoint: '', router, req, createContext, responseMeta });
}

describe('a refusal in the envelope of tRPC', () => {
  it('is the same whatever is wrong with the credential', async () => {
    const presented = [undefined, 'Bearer', `Bearer ${token}a`, `Bearer ${token}, Bearer ${token}`];
    for (const authorization of presented) {
      const response = await ask('me', authorization === undefined ? {} : { authorization });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({
        error: {
          code: -32001,
          message: JSON.parse(unauthorized().body).message,
          data: { code: 'UNAUTHORIZED', httpStatus: 401, path: 'me' },
        },
      });
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api"');
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('is FORBIDDEN for a lacking scope, and says which', async () => {
    const response = await ask('write', { authorization: `Bearer ${token}` });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { data: { code: 'FORBIDDEN' } } });
    expect(response.headers.get('www-authenticate')).toContain('scope="write"');
  });

  it('leaves the open procedures of a batch open', async () => {
    const response = await ask('open,me?batch=1');
    expect(response.status).toBe(207);
    expect(await response.json()).toMatchObject([
      { result: { data: 'open' } },
      { error: { data: { code: 'UNAUTHORIZED' } } },
    ]);
  });

  it('adds nothing where nothing was refused', async () => {
    const response = await ask('open');
    expect(response.status).toBe(200);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(responseMeta({ errors: [new Error('the host’s own')] })).toEqual({ headers: {} });
  });
});

describe('the request in the context', () => {
  const call = (req: unknown) => router.createCaller(wrong({ req })).me();
  const raw = (...rawHeaders: string[]) => ({ rawHeaders, headers: {} });

  it('may be of node:http, of Fastify or on Web standards', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const lines = raw('Authorization', headers.authorization);
    for (const req of [new Request('https://a.example', { headers }), lines, { raw: lines }]) {
      expect(await call(req)).toBe('org_1');
    }
  });

  it('is counted by its raw lines', async () => {
    const twice = raw('Authorization', `Bearer ${token}`, 'authorization', `Bearer ${token}`);
    for (const req of [twice, { raw: twice }]) {
      await expect(call(req)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    }
  });
});

function serveRouter(served: AnyRouter) {
  const createContext = ({ req }: ApiKeyContext) => ({ req });
  return serve(createHTTPHandler({ router: served, createContext, middleware: sendRefusals }));
}

describe('a refusal byte for byte', () => {
  it('answers for the whole batch, once', async () => {
    const { origin, close } = await serveRouter(router);
    onTestFinished(close);
    const response = await fetch(`${origin}/me,open,write?batch=1`);
    expect(response.status).toBe(401);
    expect(await response.text()).toBe(unauthorized().body);
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${origin}/me,open?batch=1`, { headers })).status).toBe(200);
    // The connection is the same one, and the server is alive.
    expect((await fetch(`${origin}/open`)).status).toBe(200);
  });

  const streamed = { headers: { 'trpc-accept': 'application/jsonl' } };

  it('answers for a stream that has not begun', async () => {
    const { origin, close } = await serveRouter(router);
    onTestFinished(close);
    const response = await fetch(`${origin}/me,open?batch=1`, streamed);
    expect(response.status).toBe(401);
    expect(await response.text()).toBe(unauthorized().body);
    expect((await fetch(`${origin}/open`)).status).toBe(200);
  });

  it('leaves a stream that has begun to tRPC', async () => {
    const slow: typeof keys.authenticate = async (...request) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return keys.authenticate(...request);
    };
    const late = t.procedure.use(apiKeyGuard({ format: keys.format, authenticate: slow }));
    const open = t.procedure.query(() => 'open');
    const { origin, close } = await serveRouter(t.router({ open, late: late.query(() => 'in') }));
    onTestFinished(close);
    const response = await fetch(`${origin}/open,late?batch=1`, streamed);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain('"open"');
    expect(text).toContain('UNAUTHORIZED');
    expect(text).not.toContain('"in"');
  });

  it('takes the place of the envelope on Web standards', async () => {
    const handle = returnRefusals((req: Request) =>
      fetchRequestHandler({ endpoint: '', router, req, createContext: () => ({ req }) }),
    );
    const refused = await handle(new Request('https://api.example.com/me'));
    expect(refused.status).toBe(401);
    expect(await refused.text()).toBe(unauthorized().body);
    const open = await handle(new Request('https://api.example.com/open'));
    expect(await open.json()).toEqual({ result: { data: 'open' } });
  });
});
