import { type KeyStore, memoryStore } from 'keywright';
import { describe, expect, it } from 'vitest';
import { type Mounted, mount } from './support.ts';
import { testStepUp } from './test-step-up.ts';

const byHost = { name: 'One', owner: 'org_1', environment: 'live', actor: { id: 'host' } } as const;
const scoped = { ...byHost, scopes: ['orders:read'] };

/** A handler whose Ada has a second factor. */
async function guarded() {
  const { stepUp, checked } = testStepUp();
  const mounted = await mount({ stepUp });
  await mounted.call('POST', '/api/second-factor/enroll');
  await mounted.call('POST', '/api/second-factor/confirm', { json: { code: '424242' } });
  checked.length = 0;
  return { ...mounted, checked };
}

const patch = ({ call }: Pick<Mounted, 'call'>, id: string, json: object, as = 'ada') =>
  call('PATCH', `/api/keys/${id}`, { json, as });

describe('an update that widens a key', () => {
  it('asks for the second factor, and passes with it', async () => {
    const mounted = await guarded();
    const { keys, call, checked, time } = mounted;
    const expiresAt = time.now + 60_000;
    const { record } = await keys.create({ ...scoped, expiresAt });
    await keys.update(record.id, { enabled: false }, { actor: { id: 'host' } });
    const wider = [
      { enabled: true },
      { expiresAt: expiresAt + 1 },
      { expiresAt: null },
      { scopes: ['orders:read', 'orders:write'] },
      { name: 'Two', scopes: ['orders:write'] },
    ];
    for (const json of wider) {
      const refused = await patch(mounted, record.id, json);
      expect(refused, JSON.stringify(json)).toMatchObject({ json: { error: 'step_up_required' } });
    }
    expect(checked).toEqual(wider.map(() => 'update'));
    expect(await keys.get(record.id)).toMatchObject({ name: 'One', enabled: false, expiresAt });
    await call('POST', '/api/second-factor/verify', { json: { code: '424242' } });
    expect(await patch(mounted, record.id, { enabled: true })).toMatchObject({ status: 200 });
  });

  it('is told from one that narrows or renames, which asks for nothing', async () => {
    const mounted = await guarded();
    const { record } = await mounted.keys.create({
      ...{ ...byHost, scopes: ['orders:read', 'orders:write'] },
      expiresAt: mounted.time.now + 60_000,
    });
    for (const json of [
      { name: 'Two' },
      { metadata: { team: 'web' } },
      { enabled: true },
      { expiresAt: mounted.time.now + 60_000 },
      { expiresAt: mounted.time.now + 1000 },
      { scopes: ['orders:write'] },
      { scopes: [] },
      { enabled: false },
    ]) {
      const answer = await patch(mounted, record.id, json);
      expect(answer, JSON.stringify(json)).toMatchObject({ status: 200 });
    }
    expect(mounted.checked).toEqual([]);
  });

  it('needs every scope of the key to be the session’s to give', async () => {
    const mounted = await mount();
    const { keys, time } = mounted;
    const expiresAt = time.now + 1000;
    const { record } = await keys.create({ ...scoped, expiresAt });
    await keys.update(record.id, { enabled: false }, { actor: { id: 'host' } });
    const refused = { status: 403, json: { error: 'scope_not_grantable' } };
    for (const json of [{ enabled: true }, { expiresAt: null }, { expiresAt: expiresAt + 1 }]) {
      expect(await patch(mounted, record.id, json, 'grace')).toMatchObject(refused);
    }
    time.now = expiresAt;
    expect(await patch(mounted, record.id, { expiresAt: null }, 'grace')).toMatchObject(refused);
    // She may still rename it, end it, and take its scopes away.
    for (const json of [{ name: 'Two' }, { expiresAt: time.now - 1 }, { scopes: [] }]) {
      expect(await patch(mounted, record.id, json, 'grace')).toMatchObject({ status: 200 });
    }
  });

  it('is refused for a revoked or unknown key before the second factor is asked for', async () => {
    const mounted = await guarded();
    const { record } = await mounted.keys.create(scoped);
    await mounted.keys.revoke(record.id, { actor: { id: 'host' } });
    expect(await patch(mounted, record.id, { expiresAt: null })).toMatchObject({ status: 409 });
    expect(await patch(mounted, 'key_none', { enabled: true })).toMatchObject({ status: 404 });
    expect(mounted.checked).toEqual([]);
  });
});

describe('an update at the same time as another', () => {
  it('asks for the second factor where the key was narrowed after it was read', async () => {
    const memory = memoryStore();
    const { stepUp, checked } = testStepUp();
    let afterRead: (() => Promise<unknown>) | undefined;
    const store: KeyStore = {
      ...memory,
      async find(...parameters) {
        const found = await memory.find(...parameters);
        const work = afterRead;
        afterRead = undefined;
        await work?.();
        return found;
      },
    };
    const mounted = await mount({ stepUp }, { store });
    const { keys } = mounted;
    const { record } = await keys.create(scoped);
    afterRead = () => keys.update(record.id, { enabled: false }, { actor: { id: 'host' } });
    const refused = await patch(mounted, record.id, { enabled: true });
    expect(refused).toMatchObject({ json: { error: 'step_up_required' } });
    expect(checked).toEqual(['update']);
    expect(await keys.get(record.id)).toMatchObject({ enabled: false });
  });
});

describe('a key that would be dead on arrival', () => {
  it.each([-1, 0])('is refused: expiry %i ms from now', async (off) => {
    const mounted = await mount();
    const { call, keys, time } = mounted;
    const dead = { status: 400, json: { error: 'invalid_argument', argument: 'expiresAt' } };
    const expiresAt = time.now + off;
    const json = { name: 'One', environment: 'live', expiresAt };
    expect(await call('POST', '/api/keys', { json })).toMatchObject(dead);
    const { record } = await keys.create(byHost);
    const rotated = await call('POST', `/api/keys/${record.id}/rotate`, { json: { expiresAt } });
    expect(rotated).toMatchObject(dead);
    expect((await keys.list({ owner: 'org_1' })).items).toHaveLength(1);
  });
});
