// vitest run
import { authenticatedAs, testApiKeys } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { getOrders } from './get-orders.ts';
import { options } from './keys.ts';

const metadata = { plan: 'team' } as const;

/** A caller who may read. */
const reader = { owner: 'org_7', scopes: ['orders:read'], metadata } as const;

describe('GET /orders', () => {
  it('shows the orders of the caller', async () => {
    const { keys, authorization } = authenticatedAs(reader, options);
    expect(await getOrders(keys, authorization)).toEqual({
      status: 200,
      body: { owner: 'org_7', environment: 'live', plan: 'team', orders: [] },
    });
  });

  it('lets a key of the sandbox in', async () => {
    const { keys, authorization } = authenticatedAs({ ...reader, environment: 'test' }, options);
    expect(await getOrders(keys, authorization)).toMatchObject({ status: 200 });
  });

  it('refuses a key without the scope', async () => {
    const { keys, authorization } = authenticatedAs({ metadata }, options);
    expect(await getOrders(keys, authorization)).toMatchObject({ status: 403 });
  });

  it('refuses a caller without a key', async () => {
    expect(await getOrders(authenticatedAs(reader, options).keys)).toMatchObject({ status: 401 });
  });

  it('refuses a key that has been revoked', async () => {
    const { keys, authorization, record } = await testApiKeys(reader, options);
    expect(await getOrders(keys, authorization)).toMatchObject({ status: 200 });
    await keys.revoke(record.id, { actor: { id: 'user_1' } });
    expect(await getOrders(keys, authorization)).toMatchObject({ status: 401 });
  });
});
