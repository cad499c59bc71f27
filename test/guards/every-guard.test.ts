import { createApiKeys, memoryStore } from 'keywright';
import * as nest from 'keywright/nest';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { failureOf, format, setUp, wrong } from '../support.ts';
import { exchangeOf } from './exchange.ts';
import { guardModules, nestContext } from './guard-modules.ts';
import { hosts } from './hosts.ts';

const { keys } = setUp();
const scoped = createApiKeys({
  format,
  environments: ['live'],
  store: memoryStore(),
  scopes: ['read', 'write'],
});

const invalid = (argument: string) =>
  expect.objectContaining({ code: 'invalid_argument', argument });

describe.each(Object.entries(guardModules))('the guard of keywright/%s', (_name, tried) => {
  const { apiKeyGuard, requireScopes, principalOf } = tried.exports;

  it('checks its options when it is made', () => {
    for (const [options, argument] of [
      [{ scope: ['read'] }, 'options.scope'],
      [{ environments: ['prod'] }, 'environments[0]'],
      [{ scopes: 'read' }, 'scopes'],
    ] as const) {
      expect(() => apiKeyGuard(keys, options)).toThrow(invalid(argument));
    }
    expect(() => apiKeyGuard(undefined)).toThrow('keys must come from createApiKeys()');
    expect(() => requireScopes()).toThrow('scopes must name at least one scope');
    expect(() => requireScopes('two words')).toThrow('scopes[0]');
  });

  it('checks its options as far as possible if the keys are a function', () => {
    for (const [options, argument] of [
      [{ scope: ['read'] }, 'options.scope'],
      [{ environments: [] }, 'environments'],
      [{ scopes: 'read' }, 'scopes'],
      [{ scopes: ['two words'] }, 'scopes[0]'],
    ] as const) {
      expect(() => apiKeyGuard(() => keys, options)).toThrow(invalid(argument));
    }
  });

  it('throws principal_missing without a guard', async () => {
    const missing = { code: 'principal_missing' };
    const guard = apiKeyGuard(keys);
    for (const of of [principalOf, guard.principalOf]) {
      expect(() => of(tried.empty)).toThrow(expect.objectContaining(missing));
    }
    for (const requirement of [requireScopes('read'), guard.requireScopes('read')]) {
      expect(await failureOf(() => tried.call(wrong(requirement)))).toMatchObject(missing);
    }
  });

  it('refuses a scope that its service does not declare when the route is made', () => {
    const guard = apiKeyGuard(scoped);
    expect(() => guard.requireScopes('raed')).toThrow(invalid('scopes[0]'));
    expect(() => guard.requireScopes('read', 'delete')).toThrow(invalid('scopes[1]'));
    expect(() => guard.requireScopes()).toThrow('scopes must name at least one scope');
    expect(() => guard.requireScopes('read', 'write')).not.toThrow();
    expect(() => apiKeyGuard(keys).requireScopes('raed')).not.toThrow();
  });
});

// `node:http` has nobody to hand an error to but the process; node-host.test.ts sees to it.
const servers = Object.entries(hosts).filter(([name]) => name !== 'node');

describe.each(servers)('on a server: %s', (_name, open) => {
  const failures = {
    'an authentication that rejects': {
      format: keys.format,
      authenticate: () => Promise.reject(new Error('broken')),
    },
    'a function that throws': () => {
      throw new Error('no binding');
    },
    'a function that rejects': () => Promise.reject(new Error('no binding')),
    'a function that returns no service': () => undefined,
    'a function that resolves with no service': async () => null,
  };

  it.each(Object.entries(failures))('fails closed on %s', async (_failure, broken) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    let handled = 0;
    const handle = () => {
      handled++;
      return '{}';
    };
    const site = await open(wrong(broken), [{ path: '/open', options: {}, handle }]);
    onTestFinished(async () => {
      await site.close?.();
    });
    const [answer] = await exchangeOf(site)([{ path: '/open' }]);
    expect(answer?.status).toBeGreaterThanOrEqual(500);
    expect(handled).toBe(0);
  });
});

describe('the guard of keywright/nest', () => {
  it('denies what does not come over HTTP', async () => {
    const guards = [nest.apiKeyGuard(keys), nest.requireScopes('read')];
    for (const type of ['ws', 'rpc', 'graphql']) {
      for (const guard of guards)
        expect(await guard.canActivate(nestContext({}, type))).toBe(false);
    }
  });
});
