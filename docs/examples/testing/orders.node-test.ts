// node --test orders.node-test.ts
import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authenticatedAs, testApiKeys } from 'keywright/testing';
import { getOrders } from './get-orders.ts';

describe('GET /orders', () => {
  it('shows the orders of the caller', async () => {
    const { keys, authorization } = authenticatedAs({ owner: 'org_7', scopes: ['orders:read'] });
    deepEqual(await getOrders(keys, authorization), {
      status: 200,
      body: { owner: 'org_7', orders: [] },
    });
  });

  it('refuses a key without the scope', async () => {
    const { keys, authorization } = authenticatedAs({ owner: 'org_7' });
    equal((await getOrders(keys, authorization)).status, 403);
  });

  it('refuses a caller without a key', async () => {
    equal((await getOrders(authenticatedAs().keys)).status, 401);
  });

  it('refuses a key that has been revoked', async () => {
    const { keys, authorization, record } = await testApiKeys({ scopes: ['orders:read'] });
    equal((await getOrders(keys, authorization)).status, 200);
    await keys.revoke(record.id, { actor: { id: 'user_1' } });
    equal((await getOrders(keys, authorization)).status, 401);
  });
});
