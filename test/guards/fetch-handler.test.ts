import { memoryStore, type Principal, unauthorized } from 'keywright';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/fetch';
import { describe, expect, it } from 'vitest';
import { failureOf, makeKey, setUp, wrong } from '../support.ts';

const { keys } = setUp();

function requestWith(token: string, init: RequestInit = {}): Request {
  const headers = { Authorization: `Bearer ${token}` };
  return new Request('https://api.example.com/v1/me', { headers, ...init });
}

describe('the guard of keywright/fetch', () => {
  it('passes on all arguments of the framework', async () => {
    const { token } = await makeKey(keys);
    const handler = apiKeyGuard(
      keys,
      (_request, { owner }, context: { params: { id: string } }, n: number) =>
        Response.json([owner, context.params.id, n]),
    );
    const response = await handler(requestWith(token), { params: { id: 'a' } }, 7);
    expect(await response.json()).toEqual(['org_1', 'a', 7]);
  });

  it('passes on the request itself, of whatever class', async () => {
    const { token } = await makeKey(keys);
    class NextRequest extends Request {
      readonly geo = 'AT';
    }
    const handler = apiKeyGuard(keys, (request: NextRequest) => new Response(request.geo));
    const request = new NextRequest(requestWith(token));
    expect(await (await handler(request)).text()).toBe('AT');
  });

  it('leaves responses and errors of the handler unchanged', async () => {
    const { token } = await makeKey(keys);
    const answer = new Response('own', { status: 418 });
    expect(await apiKeyGuard(keys, () => answer)(requestWith(token))).toBe(answer);
    const failure = new Error('the host’s own');
    const throwing = apiKeyGuard(keys, () => {
      throw failure;
    });
    expect(await failureOf(() => throwing(requestWith(token)))).toBe(failure);
    const rejecting = apiKeyGuard(keys, () => Promise.reject(failure));
    expect(await failureOf(() => rejecting(requestWith(token)))).toBe(failure);
  });

  it('rejects, and does not run the handler, when authentication rejects', async () => {
    const failure = new Error('broken');
    let handled = false;
    const handler = apiKeyGuard(
      { format: keys.format, authenticate: () => Promise.reject(failure) },
      () => {
        handled = true;
        return new Response();
      },
    );
    expect(await failureOf(() => handler(requestWith('x')))).toBe(failure);
    expect(handled).toBe(false);
  });

  it('creates a new response for every refusal', async () => {
    const guard = apiKeyGuard(keys, () => new Response());
    const { body } = unauthorized();
    for (let i = 0; i < 2; i++) expect(await (await guard(requestWith('x'))).text()).toBe(body);
  });

  it('keeps the principal for principalOf(request)', async () => {
    const { token } = await makeKey(keys);
    const deep = (request: Request) => principalOf(request).owner;
    const guard = apiKeyGuard(keys, (request) => new Response(deep(request)));
    const request = requestWith(token);
    expect(() => deep(request)).toThrow(expect.objectContaining({ code: 'principal_missing' }));
    expect(await (await guard(request)).text()).toBe('org_1');
    expect(() => deep(request.clone())).toThrow(
      expect.objectContaining({ code: 'principal_missing' }),
    );
  });

  it('reads the header when it is called, not later', async () => {
    const store = memoryStore();
    const slow = setUp({
      store: {
        ...store,
        async findByDigest(digest) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          return store.findByDigest(digest);
        },
      },
    });
    const [first, second] = [
      await makeKey(slow.keys),
      await makeKey(slow.keys, { owner: 'org_2' }),
    ];
    const guard = apiKeyGuard(slow.keys, (_request, { owner }) => new Response(owner));
    const request = requestWith(first.token);
    const answered = guard(request);
    request.headers.set('Authorization', `Bearer ${second.token}`);
    expect(await (await answered).text()).toBe('org_1');
  });

  it('checks its options when it is made', () => {
    const handler = () => new Response();
    for (const [options, argument] of [
      [{ scope: ['read'] }, 'options.scope'],
      [{ environments: ['prod'] }, 'environments[0]'],
      [{ scopes: 'read' }, 'scopes'],
    ] as const) {
      expect(() => apiKeyGuard(keys, handler, wrong(options))).toThrow(
        expect.objectContaining({ code: 'invalid_argument', argument }),
      );
    }
    expect(() => apiKeyGuard(wrong({}), handler)).toThrow('keys must come from createApiKeys()');
    expect(() => requireScopes()).toThrow('scopes must name at least one scope');
  });
});

describe('requireScopes of keywright/fetch', () => {
  it('passes on all arguments of the guard', async () => {
    const { token } = await makeKey(keys, { scopes: ['read'] });
    const read = requireScopes('read');
    const handler = apiKeyGuard(
      keys,
      read((_request: Request, principal: Principal, id: string) => Response.json([principal, id])),
    );
    const response = await handler(requestWith(token), 'a');
    expect(await response.json()).toEqual([expect.objectContaining({ owner: 'org_1' }), 'a']);
  });

  it('throws without a guard before it', () => {
    const handler = requireScopes('read')(() => new Response('let in'));
    expect(() => handler(new Request('https://example.com'), wrong(undefined))).toThrow(
      expect.objectContaining({ code: 'principal_missing' }),
    );
  });
});
