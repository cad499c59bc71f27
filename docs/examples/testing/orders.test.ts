// vitest run
import { authenticatedAs, testApiKeys } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { getOrders } from './get-orders.ts';

describe('GET /orders', () => {
  it('shows the orders of the caller', async () => {
    const { keys, authorization } = authenticatedAs({ owner: 'org_7', scopes: ['orders:read'] });
    expect(await getOrders(keys, authorization)).toEqual({
      status: 200,
      body: { owner: 'org_7', orders: [] },
    });
  });

  it('refuses a key without the scope', async () => {
    const { keys, authorization } = authenticatedAs({ owner: 'org_7' });
    expect(await getOrders(keys, authorization)).toMatchObject({ status: 403 });
  });

  it('refuses a caller without a key', async () => {
    expect(await getOrders(authenticatedAs().keys)).toMatchObject({ status: 401 });
  });

  it('refuses a key that has been revoked', async () => {
    const { keys, authorization, record } = await testApiKeys({ scopes: ['orders:read'] });
    expect(await getOrders(keys, authorization)).toMatchObject({ status: 200 });
    await keys.revoke(record.id, { actor: { id: 'user_1' } });
    expect(await getOrders(keys, authorization)).toMatchObject({ status: 401 });
  });
});
