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
      'a store that fails: answers 503 while the store does not answer in time, and recovers',
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
    caughtBy: 'scopes: answers 403 if the key lacks a scope that the guard requires',
  },
  'forgets the environments of its options': {
    mistake: {
      authenticate: (keys, lines, { environments: _environments, ...options }) =>
        keys.authenticate(lines, options),
    },
    caughtBy: 'a key: accepts the environments of the route instead of those of the service',
  },
  'has a requireScopes that asks for nothing': {
    mistake: { scopes: (_scopes, handler) => handler },
    caughtBy: 'scopes: answers 403 if the key lacks a scope that requireScopes requires',
  },
  'has a requireScopes that is content with one of them': {
    mistake: {
      scopes: (scopes, handler) => (request, principal) =>
        principal.scopes.some((scope) => scopes.includes(scope))
          ? handler(request, principal)
          : new Response(null, { status: 403 }),
    },
    caughtBy: 'scopes: answers 403 if the key lacks a scope that requireScopes requires',
  },
  'has a requireScopes that tells nobody': {
    mistake: {
      scopes: (scopes, handler) => (request, principal) =>
        scopes.every((scope) => principal.scopes.includes(scope))
          ? handler(request, principal)
          : new Response('', { status: 403 }),
    },
    caughtBy: 'scopes: passes the key that lacks the scope to the hook',
  },
  'hands on less than the principal': {
    mistake: {
      admit: ({ metadata: _metadata, ...rest }, handler, request) =>
        handler(request, rest as Principal),
    },
    caughtBy: 'accepts: Bearer and the token',
  },
  'lets in while the store has not answered': {
    mistake: {
      authenticate: (keys, lines, options) => {
        // Node runs a tick that a microtask asks for after all microtasks, and before any timer.
        const early = new Promise<{ ok: true; principal: typeof stranger }>((resolve) => {
          queueMicrotask(() => process.nextTick(resolve, { ok: true, principal: stranger }));
        });
        return Promise.race([early, keys.authenticate(lines, options)]);
      },
    },
    caughtBy: 'a key in a store that answers later: refuses with the same bytes: revoked',
  },
  'keeps the principal where requests share it': {
    mistake: {
      authenticate: async (keys, lines, options) => {
        const result = await keys.authenticate(lines, options);
        if (result.ok) shared = result.principal;
        await new Promise((resolve) => setImmediate(resolve)); // the store answers two in one turn
        return result.ok ? { ok: true, principal: shared as typeof result.principal } : result;
      },
    },
    caughtBy:
      'concurrency: answers each of fifty concurrent requests with its own principal or refusal',
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
      'a key: accepts both keys of a rotation, and only the new one after the old one is revoked',
  },
};
