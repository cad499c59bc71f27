import { initTRPC } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { unauthorized } from 'keywright';
import {
  type ApiKeyContext,
  apiKeyGuard,
  requireScopes,
  responseMeta,
  returnRefusals,
} from 'keywright/trpc';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey, setUp, wrong } from '../support.ts';

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
  it('has the same bytes whatever is wrong with the credential', async () => {
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

  it('is FORBIDDEN for a missing scope, and names it', async () => {
    const response = await ask('write', { authorization: `Bearer ${token}` });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { data: { code: 'FORBIDDEN' } } });
    expect(response.headers.get('www-authenticate')).toContain('scope="write"');
  });

  it('leaves open procedures of a batch open', async () => {
    const response = await ask('open,me?batch=1');
    expect(response.status).toBe(207);
    expect(await response.json()).toMatchObject([
      { result: { data: 'open' } },
      { error: { data: { code: 'UNAUTHORIZED' } } },
    ]);
  });

  it('adds nothing if nothing was refused', async () => {
    const response = await ask('open');
    expect(response.status).toBe(200);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(responseMeta({ errors: [new Error('the host’s own')] })).toEqual({ headers: {} });
  });
});

describe('the request in the context', () => {
  const call = (req: unknown) => router.createCaller(wrong({ req })).me();
  const raw = (...rawHeaders: string[]) => ({ rawHeaders, headers: {} });

  it('works for node:http, Fastify and Web standards', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const lines = raw('Authorization', headers.authorization);
    for (const req of [new Request('https://a.example', { headers }), lines, { raw: lines }]) {
      expect(await call(req)).toBe('org_1');
    }
  });

  it('counts raw lines', async () => {
    const twice = raw('Authorization', `Bearer ${token}`, 'authorization', `Bearer ${token}`);
    for (const req of [twice, { raw: twice }]) {
      await expect(call(req)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    }
  });
});

describe('a refusal byte for byte', () => {
  const serveAll = (req: Request) =>
    fetchRequestHandler({ endpoint: '', router, req, createContext: () => ({ req }) });
  const handle = returnRefusals(serveAll);
  const get = (path: string, headers: Record<string, string> = {}) =>
    handle(new Request(`https://api.example.com${path}`, { headers }));

  it('replaces the envelope', async () => {
    const refused = await get('/me');
    expect(refused.status).toBe(401);
    expect(await refused.text()).toBe(unauthorized().body);
    const open = await get('/open');
    expect(await open.json()).toEqual({ result: { data: 'open' } });
  });

  it('answers for the whole batch, once', async () => {
    const response = await get('/me,open,write?batch=1');
    expect(response.status).toBe(401);
    expect(await response.text()).toBe(unauthorized().body);
    const authorization = `Bearer ${token}`;
    expect((await get('/me,open?batch=1', { authorization })).status).toBe(200);
    expect((await get('/me,write?batch=1', { authorization })).status).toBe(403);
  });

  it('leaves a stream that has begun to tRPC', async () => {
    const begun = Promise.withResolvers<void>();
    const slow: typeof keys.authenticate = async (...request) => {
      await begun.promise;
      return keys.authenticate(...request);
    };
    const late = t.procedure.use(apiKeyGuard({ format: keys.format, authenticate: slow }));
    const open = t.procedure.query(() => 'open');
    const streaming = t.router({ open, late: late.query(() => 'in') });
    const stream = returnRefusals((req) =>
      fetchRequestHandler({ endpoint: '', router: streaming, req, createContext: () => ({ req }) }),
    );
    const headers = { 'trpc-accept': 'application/jsonl' };
    const response = await stream(
      new Request('https://api.example.com/open,late?batch=1', { headers }),
    );
    expect(response.status).toBe(200);
    begun.resolve();
    const text = await response.text();
    expect(text).toContain('"open"');
    expect(text).toContain('UNAUTHORIZED');
    expect(text).not.toContain('"in"');
  });
});
