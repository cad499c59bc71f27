import { createApiKeys, memoryStore } from 'keywright';
import { ALL_ACTIONS, type Authorization } from 'keywright/management';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { failureOf, format, wrong } from '../support.ts';
import { mount } from './support.ts';

const schema = z.object({
  plan: z.enum(['free', 'pro']),
  team: z.string().default('none'),
});

const json = { name: 'One', environment: 'live' };

async function withPlan(metadata: Authorization['metadata']) {
  const keys = createApiKeys({
    ...{ format, environments: ['live'], store: memoryStore() },
    metadata: schema,
  });
  const mounted = await mount({
    keys,
    authorize: () => ({
      ...{ actor: { id: 'user_ada' }, owner: 'org_1', actions: ALL_ACTIONS },
      ...(metadata === undefined ? {} : { metadata }),
    }),
  });
  return { ...mounted, keys };
}

describe('metadata that the schema of the service requires', () => {
  it('comes from requests, which the schema checks', async () => {
    const { call } = await withPlan(undefined);
    const missing = { status: 400, json: { argument: 'metadata.plan' } };
    expect((await call('POST', '/api/keys', { json })).status).toBe(missing.status);
    const metadata = { plan: 'pro' };
    const made = await call('POST', '/api/keys', { json: { ...json, metadata } });
    expect(made).toMatchObject({ status: 201 });
    expect(made.json.record.metadata).toEqual({ plan: 'pro', team: 'none' });
  });

  it('comes from the session, which no request overrides', async () => {
    const { call, keys } = await withPlan({ plan: 'free' });
    const made = await call('POST', '/api/keys', { json });
    expect(made.json.record.metadata).toEqual({ plan: 'free', team: 'none' });
    const metadata = { plan: 'pro', team: 'web' };
    const other = await call('POST', '/api/keys', { json: { ...json, metadata } });
    expect(other.json.record.metadata).toEqual({ plan: 'free', team: 'web' });
    const path = `/api/keys/${other.json.record.id}`;
    const changed = await call('PATCH', path, { json: { metadata: { plan: 'pro', team: 'x' } } });
    expect(changed.json.record.metadata).toEqual({ plan: 'free', team: 'x' });
    // An update that does not speak of metadata leaves it.
    await keys.update(other.json.record.id, { metadata: { plan: 'pro' } }, { actor: { id: 'h' } });
    const renamed = await call('PATCH', path, { json: { name: 'Two' } });
    expect(renamed.json.record.metadata).toMatchObject({ plan: 'pro' });
    expect((await call('GET', '/api/session')).text).not.toContain('plan');
  });

  it('is the same request for the same Idempotency-Key', async () => {
    const { call, keys } = await withPlan({ plan: 'free', team: 'web' });
    const sent = { json, headers: { 'idempotency-key': 'once' } };
    await call('POST', '/api/keys', sent);
    expect(await call('POST', '/api/keys', sent)).toMatchObject({ status: 201 });
    expect((await keys.list({ owner: 'org_1', state: 'active' })).items).toHaveLength(1);
  });

  it.each([['pro'], [['pro']], [{ plan: undefined }], [{ plan: () => 'pro' }]])(
    'is plain JSON, or a failure of the application: %s',
    async (metadata) => {
      const { call, errors } = await withPlan(wrong(metadata));
      expect(await call('POST', '/api/keys', { json })).toMatchObject({ status: 500 });
      expect(errors).toMatchObject([{ code: 'invalid_argument' }]);
    },
  );
});

describe('createManagement', () => {
  it.each([{}, { format }, { forOwner: 7 }])('refuses keys that are no service', async (keys) => {
    const failure = await failureOf(() => mount({ keys: wrong(keys) }));
    expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'keys' });
  });
});
