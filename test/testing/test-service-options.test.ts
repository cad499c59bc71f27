import { generateToken, tokenFormat } from 'keywright';
import { apiKeyGuard } from 'keywright/fetch';
import { authenticatedAs, seededRandom, testApiKeys } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const format = tokenFormat({ brand: 'prn', environments: ['test', 'eu_prod', 'live'] });
const scopes = ['orders:read', 'orders:write'] as const;

type Environment = (typeof format.environments)[number];
type Keys = Parameters<typeof apiKeyGuard>[0];
type Requirement = NonNullable<Parameters<typeof apiKeyGuard>[2]>;

const invalid = (argument: string) =>
  expect.objectContaining({ code: 'invalid_argument', argument });

/** A guard as any service has it, which may ask for anything. */
const guardOf = (keys: Keys, requirement: Requirement) =>
  apiKeyGuard(keys, () => new Response(), requirement);

/** The status with which a guard answers. */
async function statusOf(
  { keys, authorization }: { readonly keys: Keys; readonly authorization: string },
  requirement: Requirement = {},
): Promise<number> {
  const request = new Request('https://api.example.com/', { headers: { authorization } });
  return (await guardOf(keys, requirement)(request)).status;
}

describe('authenticatedAs without options', () => {
  it('stands before a guard that names environments', async () => {
    const both = { environments: ['live', 'test'] };
    expect(await statusOf(authenticatedAs(), both)).toBe(200);
    expect(await statusOf(authenticatedAs({ environment: 'test' }), both)).toBe(200);
    expect(
      await statusOf(authenticatedAs({ environment: 'test' }), { environments: ['live'] }),
    ).toBe(401);
    expect(await statusOf(authenticatedAs(), { environments: ['test'] })).toBe(401);
  });

  it('accepts the environment of the principal, whichever that is', async () => {
    for (const environment of ['live', 'test', 'eu_prod']) {
      const given = authenticatedAs({ environment });
      expect(await statusOf(given)).toBe(200);
      expect(await statusOf(given, { environments: ['live', 'test', environment] })).toBe(200);
    }
    expect(() => authenticatedAs({ environment: 'eu-prod' })).toThrow(
      expect.objectContaining({ code: 'invalid_argument' }),
    );
  });
});

describe('authenticatedAs with the options of a service', () => {
  it('accepts the environments that the service accepts', async () => {
    const as = (environment: Environment, environments: Environment[] = ['test']) =>
      authenticatedAs({ environment }, { format, environments });
    expect(await statusOf(as('test'))).toBe(200);
    expect(await statusOf(as('live'))).toBe(401);
    expect(await statusOf(as('live'), { environments: ['live'] })).toBe(200);
    expect(await statusOf(as('live', ['eu_prod', 'live']))).toBe(200);
    expect(await statusOf(as('test', ['eu_prod', 'live']))).toBe(401);
    const undeclared = { environments: ['prod'] };
    expect(() => guardOf(as('test').keys, undeclared)).toThrow(invalid('environments[0]'));
  });

  it('is in the first environment that the service accepts', async () => {
    for (const [options, environment] of [
      [{ format, environments: ['test'] }, 'test'],
      [{ format, environments: ['live', 'eu_prod'] }, 'live'],
      [{ environments: ['test'] }, 'test'],
      [{ scopes }, 'live'],
    ] as const) {
      const { keys, token } = authenticatedAs({}, options);
      expect(await keys.verify(token)).toMatchObject({ ok: true, principal: { environment } });
    }
  });

  it('has the scopes that there are, as has every guard', async () => {
    const given = authenticatedAs({ scopes: ['orders:read'] }, { scopes });
    expect(await statusOf(given, { scopes: ['orders:read'] })).toBe(200);
    expect(await statusOf(given, { scopes: ['orders:write'] })).toBe(403);
    expect(() => guardOf(given.keys, { scopes: ['x'] })).toThrow(invalid('scopes[0]'));
  });

  it('is of the service’s format, and refuses in its words', async () => {
    const unauthorized = { realm: 'orders', manageUrl: 'https://example.com/keys' };
    const short = tokenFormat({ brand: 'prn', environments: ['live'], secretLength: 28 });
    const random = seededRandom('token');
    const { keys, token } = authenticatedAs({}, { format: short, unauthorized, random });
    expect(token).toBe(generateToken(short, 'live', seededRandom('token')));
    expect((await keys.get('key_test'))?.hint).toBe(token.slice(0, 13));
    expect(await keys.authenticate(undefined)).toMatchObject({
      refusal: {
        headers: { 'WWW-Authenticate': 'Bearer realm="orders"' },
        body: expect.stringContaining('https://example.com/keys'),
      },
    });
  });

  it('has metadata as the schema makes it, which is not asked again', async () => {
    const metadata = z.object({ seats: z.string().transform(Number) });
    const { keys, token } = authenticatedAs({ metadata: { seats: 3 } }, { metadata });
    const result = await keys.verify(token);
    expect(result).toMatchObject({ ok: true, principal: { metadata: { seats: 3 } } });
  });

  it('refuses a principal that the service could not have', () => {
    for (const [principal, argument] of [
      [{ environment: 'prod' }, 'environment'],
      [{ environment: 5 }, 'environment'],
      [{ scopes: ['orders:read', 'delete'] }, 'scopes[1]'],
      [{ scopes: 'orders:read' }, 'scopes'],
      [{ owner: '' }, 'owner'],
      [{ name: 'x'.repeat(101) }, 'name'],
      [{ keyId: 7 }, 'keyId'],
      [{ metadata: { at: new Date(0) } }, 'metadata.at'],
      [{ scope: ['orders:read'] }, 'principal.scope'],
      ['org_7', 'principal'],
      [null, 'principal'],
    ] as const) {
      expect(() =>
        authenticatedAs(principal as object, { format, environments: ['live'], scopes }),
      ).toThrow(invalid(argument));
    }
  });
});

describe('testApiKeys with the options of a service', () => {
  it('makes the first key in the first environment that the service accepts', async () => {
    const given = await testApiKeys({}, { format, environments: ['live', 'test'] });
    expect(given.token).toMatch(/^prn_live_/);
    expect(given.record.environment).toBe('live');
    expect(await statusOf(given)).toBe(200);
    expect(await statusOf(given, { environments: ['test'] })).toBe(401);
    const other = await testApiKeys({}, { format, environments: ['test'] });
    expect(other.record.environment).toBe('test');
  });

  it('has the scopes that there are, as has every guard', async () => {
    const given = await testApiKeys({ scopes: ['orders:read'] }, { scopes });
    expect(await statusOf(given, { scopes: ['orders:read'] })).toBe(200);
    expect(await statusOf(given, { scopes: ['orders:write'] })).toBe(403);
    expect(() => guardOf(given.keys, { scopes: ['x'] })).toThrow(invalid('scopes[0]'));
  });

  it('asks the schema for metadata', async () => {
    const metadata = z.object({ plan: z.enum(['free', 'team']).default('free') });
    const { record } = await testApiKeys({}, { metadata });
    expect(record.metadata).toEqual({ plan: 'free' });
    const wrong = testApiKeys({ metadata: { plan: 'gold' as 'team' } }, { metadata });
    await expect(wrong).rejects.toThrow(invalid('metadata.plan'));
  });

  it('refuses a key that the service could not make', async () => {
    for (const [key, argument] of [
      [{ environment: 'prod' }, 'environment'],
      [{ scopes: ['delete'] }, 'scopes[0]'],
      [{ scope: ['orders:read'] }, 'key.scope'],
    ] as const) {
      const made = testApiKeys(key as object, { format, environments: ['live'], scopes });
      await expect(made).rejects.toThrow(invalid(argument));
    }
  });
});

describe('wrong options', () => {
  const helpers = {
    authenticatedAs: async (options: object) => authenticatedAs({}, options),
    testApiKeys: (options: object) => testApiKeys({}, options),
  };

  it.each(Object.entries(helpers))('are refused by %s', async (_name, helper) => {
    for (const [options, argument] of [
      [{ scope: ['orders:read'] }, 'options.scope'],
      [{ store: undefined }, 'options.store'],
      [{ clock: { now: () => 0 } }, 'options.clock'],
      [{ format: {} }, 'format'],
      [{ format }, 'environments'],
      [{ format, environments: 'live' }, 'environments'],
      [{ format, environments: [] }, 'environments'],
      [{ format, environments: ['prod'] }, 'environments[0]'],
      [{ scopes: 'orders:read' }, 'scopes'],
      [{ metadata: {} }, 'metadata'],
      [null, 'options'],
      ['live', 'options'],
    ] as const) {
      await expect(helper(options as object)).rejects.toThrow(invalid(argument));
    }
  });
});
