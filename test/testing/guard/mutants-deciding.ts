import type { Principal } from 'keywright';
import type { OpenGuard } from 'keywright/testing';
import type { Mutant } from './broken.ts';

const stranger = { owner: 'org_1' } as Principal<'live'>;
let shared: Principal = stranger;

/** Mistakes in who is let in, and as whom. */
export const decidingMutants: Readonly<Record<string, Mutant>> = {
  'lets in when the store fails': {
    mistake: {
      authenticate: async (keys, lines, options) => {
        const result = await keys.authenticate(lines, options);
        return !result.ok && result.reason === 'unavailable'
          ? { ok: true, principal: stranger }
          : result;
      },
    },
    caughtBy: 'a store that fails: answers 503 while the store rejects, and recovers',
  },
  'answers 401 when the store fails': {
    mistake: {
      authenticate: async (keys, lines, options) => {
        const result = await keys.authenticate(lines, options);
        return !result.ok && result.reason === 'unavailable'
          ? keys.authenticate(undefined)
          : result;
      },
    },
    caughtBy:
      'a store that fails: answers 503 while the store gives no answer in time, and recovers',
  },
  'answers 403 before 401': {
    mistake: {
      authenticate: async (keys, lines, options) => {
        const result = await keys.authenticate(lines, options);
        if (result.ok || !options.scopes) return result;
        const headers = { ...result.refusal.headers };
        return { ...result, refusal: { ...result.refusal, status: 403, headers } };
      },
    },
    caughtBy: 'scopes: answers 401 before 403',
  },
  'forgets the scopes of its options': {
    mistake: {
      authenticate: (keys, lines, { scopes: _scopes, ...options }) =>
        keys.authenticate(lines, options),
    },
    caughtBy: 'scopes: answers 403 where the guard asks for a scope that the key lacks',
  },
  'forgets the environments of its options': {
    mistake: {
      authenticate: (keys, lines, { environments: _environments, ...options }) =>
        keys.authenticate(lines, options),
    },
    caughtBy: 'the key: takes the environments of the route in the place of the service’s',
  },
  'has a requireScopes that asks for nothing': {
    mistake: { scopes: (_scopes, handler) => handler },
    caughtBy: 'scopes: answers 403 where requireScopes asks for a scope that the key lacks',
  },
  'has a requireScopes that is content with one of them': {
    mistake: {
      scopes: (scopes, handler) => (request, principal) =>
        principal.scopes.some((scope) => scopes.includes(scope))
          ? handler(request, principal)
          : new Response(null, { status: 403 }),
    },
    caughtBy: 'scopes: answers 403 where requireScopes asks for a scope that the key lacks',
  },
  'has a requireScopes that tells nobody': {
    mistake: {
      scopes: (scopes, handler) => (request, principal) =>
        scopes.every((scope) => principal.scopes.includes(scope))
          ? handler(request, principal)
          : new Response('', { status: 403 }),
    },
    caughtBy: 'scopes: tells the hook whose key lacks the scope',
  },
  'hands on less than the principal': {
    mistake: {
      admit: ({ metadata: _metadata, ...rest }, handler, request) =>
        handler(request, rest as Principal),
    },
    caughtBy: 'lets in: Bearer and the token',
  },
  'lets in while the store has not answered': {
    mistake: {
      authenticate: (keys, lines, options) => {
        // Begun before the store's wait of 2 ms, it ends before, however late both are.
        const early = new Promise<{ ok: true; principal: typeof stranger }>((resolve) => {
          setTimeout(() => resolve({ ok: true, principal: stranger }), 1);
        });
        return Promise.race([early, keys.authenticate(lines, options)]);
      },
    },
    caughtBy: 'the key, of a store that answers later: refuses with the one refusal: revoked',
  },
  'keeps the principal where requests share it': {
    mistake: {
      authenticate: async (keys, lines, options) => {
        const result = await keys.authenticate(lines, options);
        if (result.ok) shared = result.principal;
        await new Promise((resolve) => setTimeout(resolve, 3));
        return result.ok ? { ok: true, principal: shared as typeof result.principal } : result;
      },
    },
    caughtBy: 'concurrency: gives each of fifty requests at once its own principal or refusal',
  },
  'remembers whom it has let in': {
    mistake: {
      authenticate: (() => {
        const known = new Map<unknown, ReturnType<Parameters<OpenGuard>[0]['authenticate']>>();
        return (keys, lines, options) => {
          const result = known.get(lines) ?? keys.authenticate(lines, options);
          if (lines) known.set(lines, result);
          return result;
        };
      })(),
    },
    caughtBy:
      'the key: lets both keys of a rotation in, and after its revocation the new one alone',
  },
};
