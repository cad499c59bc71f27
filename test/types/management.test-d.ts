import { type } from 'arktype';
import { createApiKeys, memoryStore, tokenFormat } from 'keywright';
import { createManagement, type Management } from 'keywright/management';
import * as v from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

interface Plan {
  readonly plan: 'free' | 'pro';
}

describe('createManagement', () => {
  const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
  const common = { format, store: memoryStore(), environments: ['live'] } as const;
  const authorize = () => undefined;

  it('takes a service with any environments, scopes and metadata', () => {
    const services = [
      createApiKeys(common),
      createApiKeys({ ...common, scopes: ['orders:read'] }),
      createApiKeys({ ...common, metadata: z.object({ plan: z.enum(['free', 'pro']) }) }),
      createApiKeys({ ...common, metadata: z.object({ plan: z.string().default('free') }) }),
      createApiKeys({ ...common, metadata: z.custom<Plan>() }),
      createApiKeys({ ...common, metadata: v.object({ plan: v.string() }) }),
      createApiKeys({ ...common, metadata: type({ plan: 'string' }) }),
    ] as const;
    for (const keys of services) {
      expectTypeOf(createManagement({ keys, authorize })).toEqualTypeOf<Management>();
    }
    // @ts-expect-error no service
    createManagement({ keys: {}, authorize });
  });
});
