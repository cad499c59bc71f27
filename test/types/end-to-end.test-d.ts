import { type } from 'arktype';
import { createApiKeys, memoryStore, type Principal, tokenFormat } from 'keywright';
import * as v from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

const options = {
  format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
  environments: ['live'],
  store: memoryStore(),
} as const;
const actor = { id: 'user_1' };
type Environment = 'live' | 'test';

describe('a service that names its scopes', () => {
  const keys = createApiKeys({ ...options, scopes: ['read', 'write'] });
  const newKey = { name: 'A', owner: 'org_1', environment: 'live', actor } as const;

  it('takes no others', () => {
    void keys.create({ ...newKey, scopes: ['read'] });
    // @ts-expect-error there is no such scope
    void keys.create({ ...newKey, scopes: ['delete'] });
    // @ts-expect-error there is no such scope
    void keys.update('key_1', { scopes: ['delete'] }, { actor });
    // @ts-expect-error there is no such scope
    void keys.authenticate('', { scopes: ['delete'] });
    const owned = keys.forOwner('org_1');
    // @ts-expect-error there is no such scope
    void owned.create({ name: 'A', environment: 'live', actor, scopes: ['delete'] });
  });

  it('gives them as literals', async () => {
    const result = await keys.verify('');
    if (result.ok)
      expectTypeOf(result.principal.scopes).toEqualTypeOf<readonly ('read' | 'write')[]>();
    const record = await keys.get('key_1');
    expectTypeOf(record?.scopes).toEqualTypeOf<readonly ('read' | 'write')[] | undefined>();
  });
});

describe('a service that names nothing', () => {
  it('takes any scope and any JSON', async () => {
    const keys = createApiKeys(options);
    const result = await keys.authenticate('');
    if (result.ok) expectTypeOf(result.principal).toEqualTypeOf<Principal<Environment>>();
  });
});

describe('metadata', () => {
  const newKey = { name: 'A', owner: 'org_1', environment: 'live', actor } as const;
  interface Metadata {
    plan: 'free' | 'team';
  }

  it('has the type of a zod schema', async () => {
    const metadata = z.object({ plan: z.enum(['free', 'team']) });
    const keys = createApiKeys({ ...options, metadata });
    const { record } = await keys.create({ ...newKey, metadata: { plan: 'free' } });
    expectTypeOf(record.metadata).toEqualTypeOf<Metadata>();
    // @ts-expect-error the schema asks for it
    void keys.create(newKey);
    // @ts-expect-error no such plan
    void keys.create({ ...newKey, metadata: { plan: 'gold' } });
    // @ts-expect-error no such plan
    void keys.update('key_1', { metadata: { plan: 'gold' } }, { actor });
    // @ts-expect-error the schema asks for it
    void keys.forOwner('org_1').create({ name: 'A', environment: 'live', actor });
  });

  it('has the type of a valibot schema', async () => {
    const metadata = v.object({ plan: v.picklist(['free', 'team']) });
    const result = await createApiKeys({ ...options, metadata }).verify('');
    if (result.ok) expectTypeOf(result.principal.metadata).toEqualTypeOf<Metadata>();
  });

  it('has the type of an arktype schema', async () => {
    const metadata = type({ plan: "'free' | 'team'" });
    const result = await createApiKeys({ ...options, metadata }).verify('');
    if (result.ok) expectTypeOf(result.principal.metadata).toEqualTypeOf<Metadata>();
  });

  it('is taken as the schema takes it, and given as it makes it', async () => {
    const metadata = z.object({ plan: z.string().default('free') });
    const keys = createApiKeys({ ...options, metadata });
    const { record } = await keys.create(newKey);
    expectTypeOf(record.metadata).toEqualTypeOf<{ plan: string }>();
  });
});
