import {
  type ApiKeys,
  type ChangedKey,
  createApiKeys,
  generateToken,
  type KeyRecord,
  memoryStore,
  type Principal,
  parseToken,
  type TokenFormat,
  tokenFormat,
} from 'keywright';
import { describe, expectTypeOf, it } from 'vitest';

type Environment = 'live' | 'test';

const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
const store = memoryStore();
const keys = createApiKeys({ format, environments: ['live'], store });
const actor = { id: 'user_1' };
const key = { name: 'Zapier production', owner: 'org_1', actor };

describe('environments', () => {
  it('are literals from the format on, without `as const`', () => {
    expectTypeOf(format).toEqualTypeOf<TokenFormat<Environment>>();
    expectTypeOf(format.environments).toEqualTypeOf<readonly [Environment, ...Environment[]]>();
    expectTypeOf(format.prefixes[0]?.environment).toEqualTypeOf<Environment | undefined>();
    expectTypeOf(keys).toEqualTypeOf<ApiKeys<Environment>>();
    expectTypeOf(keys.format).toEqualTypeOf<TokenFormat<Environment>>();
  });

  it('are literals in tokens', () => {
    expectTypeOf(parseToken(format, 'x')?.environment).toEqualTypeOf<Environment | undefined>();
    expectTypeOf(generateToken(format, 'live')).toEqualTypeOf<string>();
    // @ts-expect-error no environment of the format
    generateToken(format, 'prod');
  });

  it('are literals in what is created', () => {
    expectTypeOf(keys.create({ ...key, environment: 'live' })).resolves.toHaveProperty('record');
    type Created = Awaited<ReturnType<typeof keys.create>>;
    expectTypeOf<Created['record']>().toEqualTypeOf<KeyRecord<Environment>>();
    // @ts-expect-error no environment of the format
    void keys.create({ ...key, environment: 'prod' });
    // @ts-expect-error any text is too wide
    void keys.create({ ...key, environment: 'live' as string });
    // @ts-expect-error an environment is required
    void keys.create(key);
    // @ts-expect-error no environment of the format, in the view of one owner either
    void keys.forOwner('org_1').create({ name: 'Zapier', actor, environment: 'prod' });
  });

  it('are literals in what is accepted', () => {
    createApiKeys({ format, store, environments: ['test'] });
    // @ts-expect-error no environment of the format
    createApiKeys({ format, store, environments: ['prod'] });
    // @ts-expect-error the option does not widen the format
    createApiKeys({ format, store, environments: ['live', 'prod'] });
    void keys.authenticate('', { environments: ['live'] });
    // @ts-expect-error no environment of the format
    void keys.authenticate('', { environments: ['prod'] });
  });

  it('are literals in filters', () => {
    void keys.list({ owner: 'org_1', environment: 'test' });
    // @ts-expect-error no environment of the format
    void keys.list({ owner: 'org_1', environment: 'prod' });
    // @ts-expect-error no environment of the format
    void keys.forOwner('org_1').list({ environment: 'prod' });
  });

  it('are literals in what comes back', () => {
    type Result<Name extends 'get' | 'list' | 'update' | 'revoke' | 'rotate'> = Awaited<
      ReturnType<(typeof keys)[Name]>
    >;
    expectTypeOf<Result<'get'>>().toEqualTypeOf<KeyRecord<Environment> | undefined>();
    expectTypeOf<Result<'list'>['items']>().toEqualTypeOf<KeyRecord<Environment>[]>();
    expectTypeOf<Result<'update'>>().toEqualTypeOf<ChangedKey<Environment>>();
    expectTypeOf<Result<'revoke'>>().toEqualTypeOf<ChangedKey<Environment>>();
    expectTypeOf<ChangedKey<Environment>>().toExtend<KeyRecord<Environment>>();
    expectTypeOf<Result<'rotate'>['record']>().toEqualTypeOf<KeyRecord<Environment>>();
    expectTypeOf<Result<'rotate'>['replaced']>().toEqualTypeOf<KeyRecord<Environment>>();
    type Verified = Extract<Awaited<ReturnType<typeof keys.verify>>, { ok: true }>;
    expectTypeOf<Verified['principal']>().toEqualTypeOf<Principal<Environment>>();
  });

  it('may be any text where the format is not known to the compiler', () => {
    const names: string[] = ['live'];
    const wide = createApiKeys({
      format: tokenFormat({ brand: 'prn', environments: names }),
      environments: ['live'],
      store,
    });
    expectTypeOf(wide).toEqualTypeOf<ApiKeys<string>>();
    void wide.create({ ...key, environment: 'anything' });
  });
});
