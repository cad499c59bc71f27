import { generateToken, type KeyStore, memoryStore } from 'keywright';
import { ALL_ACTIONS, type ManagementAction } from 'keywright/management';
import { describe, expect, it } from 'vitest';
import { Changes } from '../../src/rules/changes.ts';
import { updateRule } from '../../src/rules/update.ts';
import { contentsOf, format } from '../support.ts';
import { authorize, type Mounted, mount, type Sent } from './support.ts';

const newKey = { name: 'Zapier production', environment: 'live' };

interface ListedRoute {
  readonly method: string;
  readonly path: string;
  readonly action?: ManagementAction;
  readonly json?: object;
}

/** Every route of the API, on a key of `org_1`, with a body that its owner's session may send. */
const ROUTES: readonly ListedRoute[] = [
  { method: 'GET', path: '/api/session' },
  { method: 'GET', path: '/api/keys', action: 'read' },
  { method: 'GET', path: '/api/keys/{id}', action: 'read' },
  { method: 'GET', path: '/api/activity', action: 'read' },
  { method: 'GET', path: '/api/activity?keyId={id}', action: 'read' },
  { method: 'GET', path: '/api/activity/export', action: 'read' },
  { method: 'GET', path: '/api/activity/export?format=json&keyId={id}', action: 'read' },
  { method: 'POST', path: '/api/keys', action: 'create', json: newKey },
  { method: 'PATCH', path: '/api/keys/{id}', action: 'update', json: { name: 'Mine now' } },
  { method: 'POST', path: '/api/keys/{id}/rotate', action: 'rotate', json: {} },
  { method: 'POST', path: '/api/keys/{id}/revoke', action: 'revoke', json: {} },
  { method: 'POST', path: '/api/keys/revoke-all', action: 'revoke', json: {} },
];
const OF_A_KEY = ROUTES.filter(({ path }) => path.startsWith('/api/keys/{id}'));
const WITH_BODY = ROUTES.filter(({ json }) => json !== undefined);

/** A handler with a key of `org_1`, and what there is of that owner. */
async function withKey(mounted?: Mounted) {
  const { call, store, ...rest } = mounted ?? (await mount());
  const { record, key } = (await call('POST', '/api/keys', { json: newKey })).json;
  const before = await contentsOf(store);
  return {
    ...rest,
    record,
    key,
    ask: (method: string, path: string, sent: Sent) =>
      call(method, path.replace('{id}', record.id), sent),
    call,
    unchanged: async () => expect(await contentsOf(store)).toEqual(before),
  };
}

describe('without a session', () => {
  it.each(ROUTES)('$method $path answers 401 and does nothing', async ({ method, path, json }) => {
    const { ask, record, unchanged } = await withKey();
    const answer = await ask(method, path, { as: null, json });
    expect(answer).toMatchObject({ status: 401, json: { error: 'unauthorized' } });
    expect(answer.headers.get('www-authenticate')).toBe(null);
    expect(answer.text).not.toContain(record.id);
    await unchanged();
  });

  it('reads no body', async () => {
    const { call } = await withKey();
    const body = new ReadableStream({ pull: () => Promise.reject(new Error('it was read')) });
    expect(await call('POST', '/api/keys', { as: null, body })).toMatchObject({ status: 401 });
  });
});

describe("with another owner's session", () => {
  it.each(OF_A_KEY)(
    '$method $path answers as for an unknown id',
    async ({ method, path, json }) => {
      const { ask, call, record, unchanged } = await withKey();
      const foreign = await ask(method, path, { as: 'mallory', json });
      const unknown = await call(method, path.replace('{id}', `${record.id.slice(0, -1)}-`), {
        as: 'mallory',
        json,
      });
      expect(foreign).toMatchObject({ status: 404, json: { error: 'key_not_found' } });
      expect(foreign.text).toBe(unknown.text);
      expect([...foreign.headers]).toEqual([...unknown.headers]);
      await unchanged();
    },
  );

  it.each(OF_A_KEY)(
    '$method $path answers so with an Idempotency-Key too',
    async ({ method, path, json }) => {
      const { ask, unchanged } = await withKey();
      const headers = { 'idempotency-key': 'once' };
      const answer = await ask(method, path, { as: 'mallory', json, headers });
      expect(answer).toMatchObject({ status: 404, json: { error: 'key_not_found' } });
      await unchanged();
    },
  );

  it.each(ROUTES.filter((route) => !OF_A_KEY.includes(route)))(
    '$method $path reads and changes nothing of the first',
    async ({ method, path, json }) => {
      const { ask, record, unchanged } = await withKey();
      const answer = await ask(method, path, { as: 'mallory', json });
      expect(answer.status).toBeLessThan(300);
      expect(answer.text).not.toContain(record.id);
      expect(answer.text).not.toContain('org_1');
      await unchanged();
    },
  );

  it('answers as for an unknown id to ids that no key can have', async () => {
    const { call } = await withKey();
    const unknown = await call('GET', '/api/keys/key_0');
    for (const id of ['%00', '%0a', 'a'.repeat(256), '%F0%9F%94%91', '..%2f..', '%ED%A0%80x']) {
      const answer = await call('GET', `/api/keys/${id}`);
      expect(answer.status).toBe(404);
      if (answer.json.error === 'key_not_found') expect(answer.text).toBe(unknown.text);
    }
  });
});

describe('identity in the body', () => {
  const fields = ['owner', 'actor', 'createdBy', 'id', 'keyId', 'createdAt', 'replaces', 'digest'];
  const cases = WITH_BODY.flatMap((route) => fields.map((field) => ({ ...route, field })));

  it.each(cases)('$method $path refuses $field', async ({ method, path, field, json }) => {
    const { ask, unchanged } = await withKey();
    const answer = await ask(method, path, { json: { ...json, [field]: 'org_2' } });
    expect(answer).toMatchObject({
      status: 400,
      json: { error: 'invalid_argument', argument: field },
    });
    await unchanged();
  });

  it('changes nothing as a header, a query parameter or a cookie either', async () => {
    const { call, unchanged } = await withKey();
    const sent = {
      as: 'mallory',
      headers: { 'x-owner': 'org_1', owner: 'org_1', cookie: 'owner=org_1; session=mallory' },
    };
    expect((await call('GET', '/api/keys', sent)).json.items).toEqual([]);
    expect(await call('GET', '/api/keys?owner=org_1', sent)).toMatchObject({
      status: 400,
      json: { argument: 'owner' },
    });
    await unchanged();
  });
});

describe('what the session may not do', () => {
  it.each(ROUTES.filter(({ action }) => action !== undefined))(
    '$method $path answers 403',
    async ({ method, path, json }) => {
      const { ask, unchanged } = await withKey();
      const answer = await ask(method, path, { as: 'newcomer', json });
      expect(answer).toMatchObject({ status: 403, json: { error: 'forbidden' } });
      await unchanged();
    },
  );

  it.each(ALL_ACTIONS)('answers 403 to all actions but the allowed one: %s', async (allowed) => {
    const mounted = await mount({
      authorize: (request) => {
        const session = authorize(request);
        return session?.actor.id === 'user_grace' ? { ...session, actions: [allowed] } : session;
      },
    });
    const { ask } = await withKey(mounted);
    for (const { method, path, json, action } of ROUTES) {
      const answer = await ask(method, path, { as: 'grace', json });
      const isAllowed = action === undefined || action === allowed;
      expect(answer.status === 403, `${method} ${path}`).toBe(!isAllowed);
    }
  });
});

describe('scopes', () => {
  it('gives scopes only if the session may give them', async () => {
    const { call, unchanged, ask } = await withKey();
    const refused = { status: 403, json: { error: 'scope_not_grantable', argument: 'scopes' } };
    const json = { ...newKey, scopes: ['orders:read', 'admin'] };
    expect(await call('POST', '/api/keys', { json })).toMatchObject(refused);
    expect(await ask('PATCH', '/api/keys/{id}', { json: { scopes: ['admin'] } })).toMatchObject(
      refused,
    );
    await unchanged();
  });

  it('does not give scopes by rotating a key that has them', async () => {
    const { call, keys } = await mount();
    const { record } = await keys.create({
      ...{ name: 'Root', owner: 'org_1', environment: 'live' as const, scopes: ['orders:read'] },
      actor: { id: 'user_ada' },
    });
    const path = `/api/keys/${record.id}/rotate`;
    expect(await call('POST', path, { as: 'grace' })).toMatchObject({
      status: 403,
      json: { error: 'scope_not_grantable' },
    });
    expect(await call('POST', path)).toMatchObject({ status: 201 });
  });
});

describe('scopes that a key is given while it is rotated', () => {
  it('shows no token with scopes that the session may not give', async () => {
    const base = memoryStore();
    const by = { at: 1, actor: { id: 'user_root' } };
    const other = new Changes(base);
    // Another process gives the key scopes between the check of the handler and the rotation.
    const view: KeyStore['view'] = async (query) => {
      if (query.kind === 'key') await other.make(updateRule(query, { scopes: ['admin'] }, by));
      return base.view(query);
    };
    const { call, keys } = await mount({}, { store: { ...base, view } });
    const { record } = (await call('POST', '/api/keys', { json: newKey })).json;
    const answer = await call('POST', `/api/keys/${record.id}/rotate`);
    expect(answer).toMatchObject({ status: 403, json: { error: 'scope_not_grantable' } });
    expect(answer.json).not.toHaveProperty('key');
    const { items } = await keys.list({ owner: 'org_1', state: 'active' });
    expect(items.map(({ id }) => id)).toEqual([record.id]);
  });
});

describe('an API key', () => {
  it.each(ROUTES)('does not open $method $path', async ({ method, path, json }) => {
    const { ask, key, unchanged } = await withKey();
    for (const as of [null, 'ada']) {
      for (const token of [key, generateToken(format, 'test')]) {
        const headers = { authorization: `Bearer ${token}` };
        expect(await ask(method, path, { as, json, headers })).toMatchObject({ status: 401 });
      }
    }
    await unchanged();
  });

  it('does not open it where the host takes any bearer for a session', async () => {
    const mounted = await mount({
      authorize: ({ headers }) =>
        headers.has('authorization') || headers.has('cookie')
          ? { actor: { id: 'anybody' }, owner: 'org_1', actions: ['read', 'create'] }
          : undefined,
    });
    const { call, key } = await withKey(mounted);
    const withKeyIn = { as: null, headers: { authorization: `bearer  ${key}` } };
    expect(await call('GET', '/api/keys', withKeyIn)).toMatchObject({ status: 401 });
    const ownToken = { as: null, headers: { authorization: 'Bearer header.payload.signature' } };
    expect(await call('GET', '/api/keys', ownToken)).toMatchObject({ status: 200 });
  });
});
