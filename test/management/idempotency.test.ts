import { type KeyStore, memoryStore } from 'keywright';
import { describe, expect, it } from 'vitest';
import { interleaved, type Mounted, mount, type Sent } from './support.ts';

const DAY = 86_400_000;
const newKey = {
  name: 'Zapier production',
  environment: 'live',
  scopes: ['orders:read'],
  metadata: { team: { name: 'operations', size: 4 } },
  reason: 'for the reports',
};

const once = (key = 'once', sent: Sent = {}): Sent => ({
  json: newKey,
  ...sent,
  headers: { 'idempotency-key': key },
});
const create = ({ call }: Mounted, sent = once()) => call('POST', '/api/keys', sent);

/** The ids of the keys of `org_1` that are accepted. */
async function livingIds({ keys }: Mounted): Promise<string[]> {
  const { items } = await keys.list({ owner: 'org_1', state: 'active', limit: 100 });
  return items.map(({ id }) => id);
}

describe('a creation that is repeated', () => {
  it('gives a new secret, and leaves no living orphan', async () => {
    const mounted = await mount();
    const { keys } = mounted;
    const lost = await create(mounted);
    const again = await create(mounted);
    expect(again.status).toBe(201);
    expect(again.json.key).not.toBe(lost.json.key);
    expect(await livingIds(mounted)).toEqual([again.json.record.id]);
    expect(await keys.verify(lost.json.key)).toMatchObject({ reason: 'revoked' });
    expect(await keys.verify(again.json.key)).toMatchObject({ ok: true });
    const { items } = await keys.activity({ owner: 'org_1' });
    expect(items).toMatchObject([
      { action: 'key.created', keyId: again.json.record.id, reason: 'for the reports' },
      { action: 'key.revoked', keyId: lost.json.record.id, reason: 'its answer was lost' },
      { action: 'key.created', keyId: lost.json.record.id },
    ]);
  });

  it('repeats any number of times, in any order of members', async () => {
    const mounted = await mount();
    for (let i = 0; i < 5; i++) await create(mounted);
    const json = Object.fromEntries(Object.entries(newKey).reverse());
    const last = await create(mounted, once('once', { json }));
    expect(await livingIds(mounted)).toEqual([last.json.record.id]);
  });

  it('is told from one with another Idempotency-Key, actor or owner', async () => {
    const mounted = await mount();
    const json = { name: 'Zapier production', environment: 'live' };
    const made = [
      await create(mounted, once('one', { json })),
      await create(mounted, once('two', { json })),
      await create(mounted, once('one', { json, as: 'grace' })),
    ];
    const foreign = await create(mounted, once('one', { json, as: 'mallory' }));
    expect(foreign.status).toBe(201);
    expect((await livingIds(mounted)).sort()).toEqual(
      made.map((answer) => answer.json.record.id).sort(),
    );
  });

  it.each<[string, object]>([
    ['name', { name: 'Zapier' }],
    ['environment', { environment: 'test' }],
    ['scopes', { scopes: ['orders:read', 'orders:write'] }],
    ['metadata', { metadata: { team: { name: 'operations', size: 5 } } }],
    ['expiresAt', { expiresAt: 1_760_000_000_000 }],
    ['reason', { reason: 'for other reports' }],
  ])('with another %s is refused, and changes nothing', async (_member, change) => {
    const mounted = await mount();
    const first = await create(mounted);
    const other = once('once', { json: { ...newKey, ...change } });
    expect(await create(mounted, other)).toMatchObject({
      status: 422,
      json: { error: 'idempotency_mismatch' },
    });
    expect(await livingIds(mounted)).toEqual([first.json.record.id]);
  });

  it('is refused where the first key is in use', async () => {
    const mounted = await mount();
    const { keys } = mounted;
    const first = await create(mounted);
    await keys.verify(first.json.key);
    await keys.flush();
    expect(await create(mounted)).toMatchObject({
      status: 409,
      json: { error: 'idempotency_conflict' },
    });
    expect(await keys.verify(first.json.key)).toMatchObject({ ok: true });
  });

  it('counts as a new one after a day', async () => {
    const mounted = await mount();
    const { time } = mounted;
    const first = await create(mounted);
    time.now += DAY;
    const second = await create(mounted);
    expect(await livingIds(mounted)).toEqual([second.json.record.id, first.json.record.id]);
    const third = await create(mounted);
    expect(await livingIds(mounted)).toEqual([third.json.record.id, first.json.record.id]);
  });

  it('finds room where the lost key took the last place', async () => {
    const mounted = await mount({ quota: 1 });
    await create(mounted);
    const again = await create(mounted);
    expect(again.status).toBe(201);
    expect(await livingIds(mounted)).toEqual([again.json.record.id]);
    expect(await create(mounted, once('other'))).toMatchObject({
      json: { error: 'quota_reached' },
    });
  });

  it('leaves a key in use alone, though its use has not been flushed yet', async () => {
    const mounted = await mount();
    const made = await create(mounted);
    expect(await mounted.keys.verify(made.json.key)).toMatchObject({ ok: true });
    const refused = { status: 409, json: { error: 'idempotency_conflict' } };
    expect(await create(mounted)).toMatchObject(refused);
    expect(await mounted.keys.verify(made.json.key)).toMatchObject({ ok: true });
  });

  it('is refused where uses cannot be flushed, and revokes nothing', async () => {
    let isDown = false;
    const memory = memoryStore();
    const store: KeyStore = {
      ...memory,
      recordUsage: (uses) => {
        if (isDown) throw new Error('the store is gone');
        return memory.recordUsage(uses);
      },
    };
    const mounted = await mount({}, { store });
    const made = await create(mounted);
    await mounted.keys.verify(made.json.key);
    isDown = true;
    expect(await create(mounted)).toMatchObject({ status: 503 });
    expect(await mounted.keys.verify(made.json.key)).toMatchObject({ ok: true });
  });

  it('ends with a new key if it broke off between revocation and creation', async () => {
    const store = memoryStore();
    const mounted = await mount({}, { store });
    const lost = await create(mounted);
    await mounted.keys.revoke(lost.json.record.id, { actor: { id: 'user_ada' } });
    const again = await create(mounted);
    expect(await livingIds(mounted)).toEqual([again.json.record.id]);
  });

  it('gives up on an Idempotency-Key that is always the same', async () => {
    const mounted = await mount();
    for (let i = 0; i < 100; i++) expect(await create(mounted)).toMatchObject({ status: 201 });
    expect(await create(mounted)).toMatchObject({ json: { error: 'idempotency_conflict' } });
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(256), '\u007f'])(
    'is refused with an Idempotency-Key that is none: %j',
    async (key) => {
      const mounted = await mount();
      const headers = { 'idempotency-key': new TextDecoder('latin1').decode(Buffer.from(key)) };
      const answer = await create(mounted, { json: newKey, headers });
      expect(answer).toMatchObject({ status: 400, json: { argument: 'Idempotency-Key' } });
      expect(await livingIds(mounted)).toEqual([]);
    },
  );
});

describe('two creations at once', () => {
  it('answers two creations with one Idempotency-Key with the same key', async () => {
    const mounted = await mount();
    const [one, two] = await Promise.all([create(mounted), create(mounted)]);
    expect(one.json).toEqual(two.json);
    expect(await livingIds(mounted)).toEqual([one.json.record.id]);
  });

  it('refuses one of two creations with one Idempotency-Key and two bodies', async () => {
    const mounted = await mount();
    const answers = await Promise.all([
      create(mounted),
      create(mounted, once('once', { json: { ...newKey, name: 'Other' } })),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect(await livingIds(mounted)).toHaveLength(1);
  });

  it('leaves one living key after creations in several processes', async () => {
    for (let round = 0; round < 20; round++) {
      const store = interleaved(memoryStore(), round);
      const processes = await Promise.all([1, 2, 3].map(() => mount({}, { store })));
      const answers = await Promise.all(
        processes.flatMap((mounted) => [create(mounted), create(mounted)]),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
      const [first] = processes as [Mounted];
      const living = await livingIds(first);
      expect(living).toHaveLength(1);
      expect(answers.map(({ json }) => json.record.id)).toContain(living[0]);
    }
  });
});
