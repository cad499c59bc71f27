import { type ApiKeys, type KeyRecord, tokenFormat } from 'keywright';
import { apiKeyGuard } from 'keywright/fetch';
import {
  authenticatedAs,
  type TestAuthentication,
  type TestPrincipal,
  testApiKeys,
} from 'keywright/testing';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

type Environment = 'live' | 'test';
type Scope = 'orders:read' | 'orders:write';
interface Metadata {
  plan: 'free' | 'team';
}

/** What a service is made with, but for its store. */
const service = {
  format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
  environments: ['live', 'test'],
  scopes: ['orders:read', 'orders:write'],
  metadata: z.object({ plan: z.enum(['free', 'team']) }),
} as const;

/** Services, by what they take. */
declare const plain: (keys: ApiKeys) => void;
declare const named: (keys: ApiKeys<Environment>) => void;
declare const scoped: (keys: ApiKeys<Environment, Scope>) => void;
declare const typed: (keys: ApiKeys<Environment, Scope, Metadata>) => void;

const metadata: Metadata = { plan: 'team' };

describe('authenticatedAs', () => {
  it('gives keys for a service that is typed', () => {
    const given = authenticatedAs({ scopes: ['orders:read'], metadata }, service);
    expectTypeOf(given).toEqualTypeOf<TestAuthentication<Environment, Scope, Metadata>>();
    typed(given.keys);
    plain(authenticatedAs({ metadata }, service).keys);
  });

  it('takes the options written in place', () => {
    const { format } = service;
    scoped(authenticatedAs({}, { format, scopes: ['orders:read', 'orders:write'] }).keys);
    scoped(authenticatedAs({}, { scopes: ['orders:read', 'orders:write'] }).keys);
    named(authenticatedAs({ owner: 'org_7' }, { format, environments: ['test'] }).keys);
  });

  it('takes the principal as the service knows it', () => {
    expectTypeOf(authenticatedAs<Environment, Scope, Metadata>)
      .parameter(0)
      .toExtend<TestPrincipal<Environment, Scope, Metadata>>();
    // @ts-expect-error no environment of the format
    authenticatedAs({ environment: 'prod', metadata }, service);
    // @ts-expect-error no scope of the service
    authenticatedAs({ scopes: ['delete'], metadata }, service);
    // @ts-expect-error no such plan
    authenticatedAs({ metadata: { plan: 'gold' } }, service);
    // @ts-expect-error metadata is never without a plan
    authenticatedAs({ owner: 'org_7' }, service);
    // @ts-expect-error the option is `scopes`
    authenticatedAs({}, { scope: ['orders:read'] });
    // @ts-expect-error the helper has a store of its own
    authenticatedAs({}, { store: undefined });
    // @ts-expect-error no environment of the format
    authenticatedAs({}, { format: service.format, environments: ['prod'] });
  });

  it('takes metadata as the schema makes it', () => {
    const schema = z.object({ plan: z.string().default('free'), seats: z.coerce.number() });
    authenticatedAs({ metadata: { plan: 'team', seats: 3 } }, { metadata: schema });
    // @ts-expect-error a principal has both
    authenticatedAs({ metadata: { seats: 3 } }, { metadata: schema });
  });

  it('is for guards what the service is', () => {
    const { keys } = authenticatedAs({ metadata }, service);
    const handler = apiKeyGuard(
      keys,
      (_request, principal) => {
        expectTypeOf(principal.metadata).toEqualTypeOf<Metadata>();
        expectTypeOf(principal.scopes).toEqualTypeOf<readonly Scope[]>();
        return new Response(principal.environment);
      },
      { environments: ['live', 'test'], scopes: ['orders:write'] },
    );
    expectTypeOf(handler).returns.resolves.toEqualTypeOf<Response>();
    // @ts-expect-error no scope of the service
    apiKeyGuard(keys, () => new Response(), { scopes: ['delete'] });
  });

  it('without options has the environments `live` and `test`, and the principal’s own', () => {
    named(authenticatedAs().keys);
    named(authenticatedAs({ environment: 'test', scopes: ['any'] }).keys);
    plain(authenticatedAs({ environment: 'eu_prod' }).keys);
    const { keys } = authenticatedAs({ environment: 'eu_prod' });
    expectTypeOf(keys).toEqualTypeOf<ApiKeys<Environment | 'eu_prod'>>();
    const somebody: TestPrincipal = { environment: 'anything' };
    expectTypeOf(authenticatedAs(somebody)).toEqualTypeOf<TestAuthentication>();
  });
});

describe('testApiKeys', () => {
  it('gives keys for a service that is typed', async () => {
    const { keys, record } = await testApiKeys({ scopes: ['orders:read'], metadata }, service);
    expectTypeOf(keys).toEqualTypeOf<ApiKeys<Environment, Scope, Metadata>>();
    expectTypeOf(record).toEqualTypeOf<KeyRecord<Environment, Scope, Metadata>>();
    typed(keys);
  });

  it('takes the options written in place', async () => {
    const { format } = service;
    scoped((await testApiKeys({}, { format, scopes: ['orders:read', 'orders:write'] })).keys);
    scoped((await testApiKeys({}, { scopes: ['orders:read', 'orders:write'] })).keys);
  });

  it('takes the key as the service does', () => {
    // @ts-expect-error no environment of the format
    void testApiKeys({ environment: 'prod', metadata }, service);
    // @ts-expect-error no scope of the service
    void testApiKeys({ scopes: ['delete'], metadata }, service);
    // @ts-expect-error the schema asks for it
    void testApiKeys({ owner: 'org_7' }, service);
    // @ts-expect-error the helper has a clock of its own
    void testApiKeys({}, { clock: { now: () => 0 } });
    // @ts-expect-error no environment of the format
    void testApiKeys({ environment: 'prod' });
  });

  it('takes metadata as the schema takes it, and gives it as it makes it', async () => {
    const schema = z.object({ plan: z.string().default('free') });
    const { keys, record } = await testApiKeys({}, { metadata: schema });
    expectTypeOf(record.metadata).toEqualTypeOf<{ plan: string }>();
    expectTypeOf(keys).toExtend<ApiKeys<Environment, string, { plan: string }>>();
  });

  it('without options is as before', async () => {
    const { keys, record } = await testApiKeys({ owner: 'org_1' });
    expectTypeOf(keys).toEqualTypeOf<ApiKeys<Environment>>();
    expectTypeOf(record).toEqualTypeOf<KeyRecord<Environment>>();
    named(keys);
    plain(keys);
  });
});
