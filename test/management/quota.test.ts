import { memoryStore, type OwnerKeys } from 'keywright';
import { describe, expect, it } from 'vitest';
import { Capacity } from '../../src/management/capacity.ts';
import { failureOf } from '../support.ts';
import { interleaved, type Mounted, mount } from './support.ts';

const newKey = { name: 'Zapier production', environment: 'live' };
const byHost = { name: 'By the host', environment: 'live', actor: { id: 'host' } } as const;
const reached = { status: 409, json: { error: 'quota_reached' } };

const create = ({ call }: Pick<Mounted, 'call'>) => call('POST', '/api/keys', { json: newKey });
const rotate = ({ call }: Pick<Mounted, 'call'>, id: string) =>
  call('POST', `/api/keys/${id}/rotate`);

/** How many keys of `org_1` are neither revoked nor expired. */
async function living({ keys }: Pick<Mounted, 'keys'>): Promise<number> {
  const counts = await Promise.all(
    (['active', 'disabled'] as const).map(async (state) => {
      const { items } = await keys.list({ owner: 'org_1', state, limit: 100 });
      return items.length;
    }),
  );
  return counts.reduce((sum, count) => sum + count);
}

describe('the quota', () => {
  it('refuses a key too many', async () => {
    const mounted = await mount({ quota: 2 });
    await create(mounted);
    await create(mounted);
    expect(await create(mounted)).toMatchObject(reached);
    expect(await living(mounted)).toBe(2);
  });

  it('is 100 if nothing is said, counted over more than a page', async () => {
    const mounted = await mount();
    for (let i = 0; i < 100; i++) expect(await create(mounted)).toMatchObject({ status: 201 });
    expect(await create(mounted)).toMatchObject(reached);
    const wider = await mount({ quota: 250 });
    for (let i = 0; i < 250; i++) await create(wider);
    expect(await create(wider)).toMatchObject(reached);
  });

  it('counts the keys that live, disabled ones too, and those of the owner alone', async () => {
    const mounted = await mount({ quota: 3 });
    const { call, time } = mounted;
    const [revoked, disabled] = [await create(mounted), await create(mounted)];
    await call('POST', '/api/keys', { json: { ...newKey, expiresAt: time.now + 1000 } });
    await call('PATCH', `/api/keys/${disabled.json.record.id}`, { json: { enabled: false } });
    expect(await create(mounted)).toMatchObject(reached);
    expect(await call('POST', '/api/keys', { json: newKey, as: 'mallory' })).toMatchObject({
      status: 201,
    });
    await call('POST', `/api/keys/${revoked.json.record.id}/revoke`);
    expect(await create(mounted)).toMatchObject({ status: 201 });
    expect(await create(mounted)).toMatchObject(reached);
    time.now += 1000;
    expect(await create(mounted)).toMatchObject({ status: 201 });
    expect(await create(mounted)).toMatchObject(reached);
  });

  it('holds however long the log, whoever else makes keys', async () => {
    const mounted = await mount({ quota: 3 });
    const { call, keys, store } = mounted;
    const other = await mount({ quota: 3 }, { store });
    for (let round = 0; round < 12; round++) {
      const [own, foreign] = [await create(mounted), await create(other)];
      const direct = await keys.create({ ...byHost, owner: 'org_1' });
      expect([own.status, foreign.status]).toEqual([201, 201]);
      expect(await create(mounted)).toMatchObject(reached);
      expect(await create(other)).toMatchObject(reached);
      for (const id of [own.json.record.id, foreign.json.record.id, direct.record.id]) {
        await call('POST', `/api/keys/${id}/revoke`);
      }
    }
  });

  it('holds for more owners than it remembers', async () => {
    const { keys } = await mount();
    const capacity = new Capacity(1);
    const owners = Array.from({ length: 1100 }, (_, i) => keys.forOwner(`org_${i}`));
    const room = (i: number) => capacity.assertRoom(`org_${i}`, owners[i] as OwnerKeys);
    for (const [i, own] of owners.entries()) {
      const { record } = await own.create(byHost);
      await own.revoke(record.id, { actor: byHost.actor });
      await room(i);
      await own.create(byHost);
    }
    for (const i of [0, 50, 99, 100, 101, 1099]) {
      expect(await failureOf(() => room(i))).toMatchObject({ code: 'quota_reached' });
    }
  });

  it('holds for any number of requests at once, in one process', async () => {
    const mounted = await mount({ quota: 5 }, { store: interleaved(memoryStore()) });
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(mounted)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(await living(mounted)).toBe(5);
  });

  it('is passed over several processes by no more than one key each', async () => {
    const store = interleaved(memoryStore());
    const processes = await Promise.all([1, 2, 3].map(() => mount({ quota: 5 }, { store })));
    await Promise.all(
      processes.flatMap((mounted) => Array.from({ length: 10 }, () => create(mounted))),
    );
    const [first] = processes as [Mounted];
    expect(await living(first)).toBeGreaterThanOrEqual(5);
    expect(await living(first)).toBeLessThanOrEqual(7);
    expect(await create(first)).toMatchObject(reached);
  });

  it('lets every key be rotated when it is reached, and stops there', async () => {
    const mounted = await mount({ quota: 2 });
    const [one, two] = [await create(mounted), await create(mounted)];
    const next = await rotate(mounted, one.json.record.id);
    expect(next).toMatchObject({ status: 201 });
    expect(await rotate(mounted, two.json.record.id)).toMatchObject({ status: 201 });
    expect(await rotate(mounted, next.json.record.id)).toMatchObject(reached);
    expect(await living(mounted)).toBe(4);
    expect(await create(mounted)).toMatchObject(reached);
  });

  it('stops requests that revive expired keys', async () => {
    const mounted = await mount({ quota: 3 });
    const { call, time } = mounted;
    const soon = { ...newKey, expiresAt: time.now + 1000 };
    const ids: string[] = [];
    for (let i = 0; i < 12; i++) {
      const created = await call('POST', '/api/keys', { json: soon });
      if (created.status === 201) ids.push(created.json.record.id);
      else expect(created).toMatchObject(reached);
      if (ids.length % 3 === 0) {
        time.now += 1000;
        soon.expiresAt = time.now + 1000;
      }
    }
    expect(ids).toHaveLength(12);
    time.now += 1000;
    const revivals = [null, time.now + 5000];
    const statuses: number[] = [];
    for (const [i, id] of ids.entries()) {
      const json = { expiresAt: revivals[i % 2] };
      statuses.push((await call('PATCH', `/api/keys/${id}`, { json })).status);
    }
    expect(statuses).toEqual([200, 200, 200, ...Array.from({ length: 9 }, () => 409)]);
    expect(await living(mounted)).toBe(3);
    const dead = `/api/keys/${ids[11]}`;
    // What leaves a key dead asks for no room.
    for (const json of [{ name: 'Old' }, { expiresAt: time.now - 1 }]) {
      expect(await call('PATCH', dead, { json })).toMatchObject({ status: 200 });
    }
    const terms = { json: { expiresAt: time.now + 5000 } };
    expect(await call('POST', `${dead}/rotate`, terms)).toMatchObject(reached);
  });

  it('holds when expired keys are revived at once', async () => {
    const mounted = await mount({ quota: 2 }, { store: interleaved(memoryStore()) });
    const { call, keys, time } = mounted;
    const expiresAt = time.now + 1000;
    const made = await Promise.all(
      Array.from({ length: 8 }, () => keys.create({ ...byHost, owner: 'org_1', expiresAt })),
    );
    time.now += 1000;
    const answers = await Promise.all(
      made.map(({ record }) =>
        call('PATCH', `/api/keys/${record.id}`, { json: { expiresAt: null } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(await living(mounted)).toBe(2);
  });
});
