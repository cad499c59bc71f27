import { initTRPC } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { type ApiKeysOptions, generateToken, type HttpRefusal, memoryStore } from 'keywright';
import { type ApiKeyContext, apiKeyGuard, responseMeta } from 'keywright/trpc';
import { describe, expect, it } from 'vitest';
import { actor, format, makeKey, setUp } from '../support.ts';

type Options = Partial<ApiKeysOptions<'live' | 'test'>>;

/** A service behind tRPC as it is outside of production, where envelopes show the stack of an error. */
function serve(options: Options = {}) {
  const { keys } = setUp(options);
  const t = initTRPC.context<ApiKeyContext>().create({ isDev: true });
  const me = t.procedure.use(apiKeyGuard(keys)).query(({ ctx }) => ctx.principal.owner);
  const router = t.router({ me });
  const ask = (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    const req = new Request('https://api.example.com/me', { headers });
    const createContext = () => ({ req });
    return fetchRequestHandler({ endpoint: '', router, req, createContext, responseMeta });
  };
  return { keys, ask };
}

/** A memory store that has the key at hand, or answers in a turn of its own. */
function store(later: boolean) {
  const memory = memoryStore();
  if (!later) return memory;
  const findByDigest = async (digest: string) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return memory.findByDigest(digest);
  };
  return { ...memory, findByDigest };
}

const refusing = (own: Partial<HttpRefusal>): Options => ({
  unauthorized: { status: 401, headers: {}, body: '', ...own },
});

describe('the envelope of a refusal', () => {
  it('has the same bytes whether the store answers at once or later', async () => {
    const envelopes = new Set<string>();
    for (const later of [false, true]) {
      const { keys, ask } = serve({ store: store(later) });
      const revoked = await makeKey(keys);
      await keys.revoke(revoked.record.id, { actor });
      const tokens = ['malformed', generateToken(format, 'live'), revoked.token];
      for (const presented of [undefined, ...tokens.map((token) => `Bearer ${token}`)]) {
        const response = await ask(presented);
        expect(response.status).toBe(401);
        envelopes.add(JSON.stringify([...response.headers]) + (await response.text()));
      }
    }
    expect([...envelopes]).toHaveLength(1);
    expect([...envelopes][0]).toContain('"stack"');
  });
});

describe('a custom refusal in the envelope', () => {
  it.each(['no', '', '{', 'null', '"no"', '{"error":"no"}', '{"message":5}'])(
    'has a message of its own where the body has none: %s',
    async (body) => {
      const { ask } = serve(refusing({ body }));
      const response = await ask();
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({
        error: { message: 'The request was refused.', data: { code: 'UNAUTHORIZED' } },
      });
    },
  );

  it('carries the message of its body', async () => {
    const { ask } = serve(refusing({ body: '{"message":"Key, please."}' }));
    expect(await (await ask()).json()).toMatchObject({ error: { message: 'Key, please.' } });
  });

  it('is UNAUTHORIZED if tRPC has no code for its status', async () => {
    const { ask } = serve(refusing({ status: 418 }));
    const response = await ask();
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { data: { code: 'UNAUTHORIZED' } } });
  });

  it('omits Content-Type and Content-Length in any case', async () => {
    const headers = { 'content-type': 'text/plain', 'CONTENT-LENGTH': '2', 'X-Own': '1' };
    const response = await serve(refusing({ headers, body: 'no' })).ask();
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('content-length')).toBeNull();
    expect(response.headers.get('x-own')).toBe('1');
  });
});
