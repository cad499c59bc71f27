import { memoryStore } from 'keywright';
import { ALL_ACTIONS, type Authorization } from 'keywright/management';
import { describe, expect, it } from 'vitest';
import { type Mounted, mount, type Sent } from './support.ts';

const DAY = 86_400_000;
const newKey = { name: 'Zapier production', environment: 'live' };

const once = (json: object = {}, key = 'once', as = 'ada'): Sent => ({
  json,
  as,
  headers: { 'idempotency-key': key },
});
const rotate = ({ call }: Mounted, id: string, sent = once()) =>
  call('POST', `/api/keys/${id}/rotate`, sent);

async function livingIds({ keys }: Mounted): Promise<string[]> {
  const { items } = await keys.list({ owner: 'org_1', state: 'active', limit: 100 });
  return items.map(({ id }) => id).sort();
}

async function withKey(fields: object = {}, mounted?: Mounted) {
  const here = mounted ?? (await mount());
  const { json } = await here.call('POST', '/api/keys', { json: { ...newKey, ...fields } });
  return { ...here, id: json.record.id, key: json.key };
}

describe('a rotation that is repeated', () => {
  it('leaves a successor in use alone, though its use has not been flushed yet', async () => {
    const { id, ...mounted } = await withKey();
    const { key } = (await rotate(mounted, id)).json;
    expect(await mounted.keys.verify(key)).toMatchObject({ ok: true });
    const refused = { status: 409, json: { error: 'idempotency_conflict' } };
    expect(await rotate(mounted, id)).toMatchObject(refused);
    expect(await mounted.keys.verify(key)).toMatchObject({ ok: true });
  });

  it('gives a new secret, and leaves one living successor', async () => {
    const { id, ...mounted } = await withKey();
    const lost = await rotate(mounted, id);
    const again = await rotate(mounted, id);
    expect(again.status).toBe(201);
    expect(again.json.record.replaces).toBe(id);
    expect(again.json.replaced).toMatchObject({ id, replacedBy: again.json.record.id });
    expect(await livingIds(mounted)).toEqual([id, again.json.record.id].sort());
    expect(await mounted.keys.verify(lost.json.key)).toMatchObject({ reason: 'revoked' });
    expect(await mounted.keys.verify(again.json.key)).toMatchObject({ ok: true });
    const { items } = await mounted.keys.activity({ owner: 'org_1' });
    expect(items.map(({ action, reason }) => [action, reason])).toEqual([
      ['key.rotated', undefined],
      ['key.revoked', 'its answer was lost'],
      ['key.rotated', undefined],
      ['key.created', undefined],
    ]);
  });

  it.each<[string, object, object]>([
    ['no grace', {}, {}],
    ['no grace', { expiresAt: 1_760_000_000_000 }, {}],
    ['a grace', {}, { graceMs: 5000 }],
    ['a grace', { expiresAt: 1_760_000_000_000 }, { graceMs: 5000 }],
    ['a grace that is over', { expiresAt: 1_760_000_000_000 }, { graceMs: 0 }],
    ['an expiry of its own', { expiresAt: 1_760_000_000_000 }, { expiresAt: null, graceMs: 0 }],
    ['an expiry of its own', {}, { expiresAt: 1_770_000_000_000, reason: 'yearly' }],
  ])('gives the successor the same expiry: %s', async (_what, fields, terms) => {
    const { id, ...mounted } = await withKey(fields);
    const lost = await rotate(mounted, id, once(terms));
    mounted.time.now += 1000;
    const again = await rotate(mounted, id, once(terms));
    expect(again.status).toBe(201);
    expect(again.json.record.expiresAt).toBe(lost.json.record.expiresAt);
    expect(again.json.replaced.expiresAt).toBe(lost.json.replaced.expiresAt);
  });

  it('gives it also where the first try broke off after the revocation', async () => {
    const { id, ...mounted } = await withKey();
    const lost = await rotate(mounted, id, once({ graceMs: 1000 }));
    await mounted.keys.revoke(lost.json.record.id, { actor: { id: 'user_ada' } });
    const again = await rotate(mounted, id, once({ graceMs: 1000 }));
    expect(again.json.record).not.toHaveProperty('expiresAt');
  });

  it.each<[object, object]>([
    [{}, { graceMs: 0 }],
    [{ graceMs: 0 }, {}],
    [{ graceMs: 1000 }, { graceMs: 1001 }],
    [{ graceMs: 1000 }, { graceMs: 1000, expiresAt: 1_760_000_000_000 }],
    [{ graceMs: 1000, expiresAt: 1_760_000_000_000 }, { graceMs: 1000 }],
    [{}, { expiresAt: null }],
    [{ reason: 'a' }, { reason: 'b' }],
  ])('with other terms is refused, and changes nothing: %j, %j', async (first, second) => {
    const { id, ...mounted } = await withKey();
    const made = await rotate(mounted, id, once(first));
    const before = await livingIds(mounted);
    expect(await rotate(mounted, id, once(second))).toMatchObject({
      status: 422,
      json: { error: 'idempotency_mismatch' },
    });
    expect(await livingIds(mounted)).toEqual(before);
    expect(await mounted.keys.verify(made.json.key)).toMatchObject({ ok: true });
  });

  it.each([
    ['another Idempotency-Key', once({}, 'other')],
    ['another actor', once({}, 'once', 'grace')],
    ['none', { json: {} }],
  ])('treats a rotation with %s as another one', async (_what, sent) => {
    const { id, ...mounted } = await withKey();
    const first = await rotate(mounted, id);
    expect(await rotate(mounted, id, sent)).toMatchObject({ json: { error: 'key_replaced' } });
    expect(await livingIds(mounted)).toEqual([id, first.json.record.id].sort());
  });

  it('counts as another one after a day', async () => {
    const { id, ...mounted } = await withKey();
    await rotate(mounted, id);
    mounted.time.now += DAY;
    expect(await rotate(mounted, id)).toMatchObject({ json: { error: 'key_replaced' } });
  });

  it('is one for each key', async () => {
    const mounted = await mount();
    const [one, two] = [await withKey({}, mounted), await withKey({}, mounted)];
    expect(await rotate(mounted, one.id)).toMatchObject({ status: 201 });
    expect(await rotate(mounted, two.id)).toMatchObject({ status: 201 });
    expect(await livingIds(mounted)).toHaveLength(4);
  });

  it('is refused where the successor is in use, or has a successor itself', async () => {
    const conflict = { status: 409, json: { error: 'idempotency_conflict' } };
    const { id, ...mounted } = await withKey();
    const { json } = await rotate(mounted, id);
    const next = await rotate(mounted, json.record.id, { json: {} });
    expect(await rotate(mounted, id)).toMatchObject(conflict);
    expect(await rotate(mounted, json.record.id, once())).toMatchObject({
      json: { error: 'key_replaced' },
    });

    const other = await withKey({}, mounted);
    const used = await rotate(mounted, other.id);
    await mounted.keys.verify(used.json.key);
    await mounted.keys.flush();
    expect(await rotate(mounted, other.id)).toMatchObject(conflict);
    for (const { key } of [next.json, used.json]) {
      expect(await mounted.keys.verify(key)).toMatchObject({ ok: true });
    }
  });

  it('leaves no living key if the key was revoked meanwhile', async () => {
    const { id, ...mounted } = await withKey();
    await rotate(mounted, id);
    await mounted.keys.revoke(id, { actor: { id: 'user_ada' } });
    expect(await rotate(mounted, id)).toMatchObject({ json: { error: 'key_revoked' } });
    expect(await livingIds(mounted)).toEqual([]);
  });

  it('rotates once for concurrent requests in one process, and leaves one successor in several', async () => {
    const store = memoryStore();
    const processes = await Promise.all([1, 2, 3].map(() => mount({}, { store })));
    const [first] = processes as [Mounted];
    const { id } = await withKey({}, first);
    const [one, two] = await Promise.all([rotate(first, id), rotate(first, id)]);
    expect(one.json).toEqual(two.json);
    const answers = await Promise.all(processes.map((mounted) => rotate(mounted, id)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const living = await livingIds(first);
    expect(living).toHaveLength(2);
    const made = answers.map(({ json }) => json.record.id);
    expect(living.filter((other) => other !== id).every((other) => made.includes(other))).toBe(
      true,
    );
  });
});

describe('one person’s two sessions with different grants', () => {
  const granted = { wide: ['orders:read', 'orders:write'], narrow: ['orders:read'] };
  const asGranted = (request: Request): Authorization => ({
    ...{ actor: { id: 'user_ada' }, owner: 'org_1', actions: ALL_ACTIONS },
    scopes: request.headers.get('cookie') === 'session=wide' ? granted.wide : granted.narrow,
  });
  const byHost = {
    name: 'One',
    owner: 'org_1',
    environment: 'live',
    actor: { id: 'host' },
  } as const;
  const refused = { status: 403, json: { error: 'scope_not_grantable' } };

  it.each([
    ['narrow', 'wide'],
    ['wide', 'narrow'],
  ])('checks each session, joined or not: %s first', async (first, second) => {
    const mounted = await mount({ authorize: asGranted });
    const { record } = await mounted.keys.create({ ...byHost, scopes: granted.wide });
    const json = { ...newKey, scopes: granted.wide };
    const requests = {
      rotate: (as: string) => rotate(mounted, record.id, once({}, 'once', as)),
      create: (as: string) => mounted.call('POST', '/api/keys', once(json, 'create', as)),
    };
    for (const request of Object.values(requests)) {
      const [one, two] = await Promise.all([request(first), request(second)]);
      const [wide, narrow] = first === 'wide' ? [one, two] : [two, one];
      expect(narrow).toMatchObject(refused);
      expect(narrow.text).not.toContain('prn_');
      expect(wide).toMatchObject({ status: 201, json: { record: { scopes: granted.wide } } });
      expect(await mounted.keys.verify(wide.json.key)).toMatchObject({ ok: true });
    }
  });
});
