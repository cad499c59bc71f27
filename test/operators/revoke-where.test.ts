import { type KeyStore, memoryStore } from 'keywright';
import { cachedStore } from 'keywright/cache';
import { listAllKeys, type RevocationCounts, revokeWhere } from 'keywright/operators';
import { describe, expect, it } from 'vitest';
import { actor, effectAt, failureOf, START, setUp, wrong } from '../support.ts';
import { MADE, withKeys } from './support.ts';

type Service = Awaited<ReturnType<typeof withKeys>>;

/** The numbers of the keys that are revoked, oldest first. */
async function revokedIn({ keys }: Service): Promise<number[]> {
  const { items } = await listAllKeys(keys, { state: 'revoked' });
  return items.map(({ name }) => Number(name)).reverse();
}

/** A memory store, and the owners whose changes it was given to commit. */
function recordedStore(inner: KeyStore = memoryStore()) {
  const committed: string[] = [];
  const store: KeyStore = {
    ...inner,
    commit: (change) => {
      committed.push(change.owner);
      return inner.commit(change);
    },
  };
  return { store, committed };
}

describe('revokeWhere', () => {
  it('revokes the keys of a creator, with one commit an owner and one event a key', async () => {
    const { store, committed } = recordedStore();
    const service = await withKeys({ store });
    committed.length = 0;
    const reason = 'left the company';
    const done = await revokeWhere(service.keys, { createdBy: 'user_eve' }, { actor, reason });
    expect(done).toEqual({
      ...{ read: 4, owners: 3, revoked: 4 },
      effect: effectAt(service.time.now),
    });
    expect(committed.sort()).toEqual(['org_1', 'org_2', 'org_3']);
    expect(await revokedIn(service)).toEqual([1, 2, 3, 5]);
    const { items } = await service.keys.activity({ owner: 'org_2', action: 'key.revoked' });
    expect(items.map(({ keyName }) => keyName).sort()).toEqual(['1', '5']);
    for (const event of items) expect(event).toMatchObject({ actor, reason });
    for (const [i, { token }] of service.made.entries()) {
      const isRefused = [1, 2, 3, 5].includes(i) || MADE[i]?.environment === 'test';
      expect((await service.keys.verify(token)).ok).toBe(!isRefused);
    }
  });

  it('revokes by environment, by the span of creation, and by expiry', async () => {
    const byEnvironment = await withKeys();
    await revokeWhere(byEnvironment.keys, { environment: 'test' }, { actor });
    expect(await revokedIn(byEnvironment)).toEqual([2, 3]);

    const bySpan = await withKeys();
    const span = { createdAfter: START + 1000, createdBefore: START + 3000 };
    await revokeWhere(bySpan.keys, span, { actor });
    expect(await revokedIn(bySpan)).toEqual([1, 2]);

    const byExpiry = await withKeys();
    const expiresAt = byExpiry.time.now + 5;
    await byExpiry.keys.update(byExpiry.made[4]?.id ?? '', { expiresAt }, { actor });
    await revokeWhere(byExpiry.keys, { expiresAfter: expiresAt }, { actor });
    expect(await revokedIn(byExpiry)).toEqual([4]);
  });

  it('tells by what an owner has when its change is decided, not by the page', async () => {
    const inner = memoryStore();
    let meanwhile = async () => {};
    const store: KeyStore = {
      ...inner,
      listAll: async (query) => {
        const page = await inner.listAll?.(query);
        await meanwhile();
        return page ?? { items: [] };
      },
    };
    const service = await withKeys({ store });
    const { keys, made } = service;
    meanwhile = async () => {
      meanwhile = async () => {};
      await keys.update(made[2]?.id ?? '', { enabled: false }, { actor });
      await keys.create({ name: '6', owner: 'org_1', environment: 'live', actor });
    };
    const done = await revokeWhere(keys, { state: 'active' }, { actor });
    expect(done).toMatchObject({ owners: 2, revoked: 6 });
    expect(await revokedIn(service)).toEqual([0, 1, 3, 4, 5, 6]);
  });

  it('reports its counts after each commit, and goes on where a failed run ended', async () => {
    const service = await withKeys();
    const { keys } = service;
    const seen: RevocationCounts[] = [];
    const stopped = revokeWhere(
      keys,
      { createdBy: 'user_eve' },
      {
        actor,
        onProgress: (counts) => {
          seen.push(counts);
          if (counts.owners === 2) throw new Error('killed');
        },
      },
    );
    await expect(stopped).rejects.toThrow('killed');
    const before = await revokedIn(service);
    expect(before.length).toBeGreaterThanOrEqual(2);
    expect(seen[0]).toMatchObject({ read: 0, owners: 1 });

    const again = await revokeWhere(keys, { createdBy: 'user_eve' }, { actor });
    expect(again.revoked).toBe(4 - before.length);
    const { items } = await keys.activity({ owner: 'org_2', action: 'key.revoked' });
    expect(items).toHaveLength(2);
    expect(await revokedIn(service)).toEqual([1, 2, 3, 5]);
  });

  it('goes through many pages, and keeps what other owners have', async () => {
    const { keys } = setUp();
    const [eve, ada] = [{ id: 'user_eve' }, { id: 'user_ada' }];
    for (let i = 0; i < 330; i++) {
      const by = i % 3 === 0 ? ada : eve;
      await keys.create({ name: `${i}`, owner: `org_${i % 20}`, environment: 'live', actor: by });
    }
    const done = await revokeWhere(keys, { createdBy: 'user_eve' }, { actor });
    expect(done).toMatchObject({ read: 220, owners: 20, revoked: 220 });
    const left = await listAllKeys(keys, { state: 'active', limit: 100 });
    expect(left.items).toHaveLength(100);
    expect(left.items.every(({ createdBy }) => createdBy.id === 'user_ada')).toBe(true);
  });

  it('waits once for caches, also for keys that a killed run has revoked', async () => {
    const inner = memoryStore();
    const { changes } = inner;
    if (changes === undefined) throw new Error('the store has a feed');
    let read = 0;
    let gate = Promise.resolve();
    const store: KeyStore = {
      ...inner,
      changes: new Proxy(changes, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          if (name !== 'readMembers') return member.bind(target);
          return async () => {
            read++;
            await gate;
            return target.readMembers();
          };
        },
      }),
    };
    const cached = cachedStore(store);
    const service = await withKeys({ store: cached });
    const { keys, made } = service;
    await cached.ready();
    expect((await keys.verify(made[1]?.token ?? '')).ok).toBe(true);
    read = 0;
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    let isOver = false;
    const running = revokeWhere(keys, { createdBy: 'user_eve' }, { actor }).then((done) => {
      isOver = true;
      return done;
    });
    while (read === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    expect(await revokedIn(service)).toEqual([1, 2, 3, 5]);
    open();
    const { effect } = await running;
    expect(effect.effectiveAt).toBe(service.time.now);
    const rounds = read;
    expect((await keys.verify(made[1]?.token ?? '')).ok).toBe(false);
    const again = await revokeWhere(keys, { createdBy: 'user_eve' }, { actor });
    expect(again).toMatchObject({ revoked: 0, owners: 0, effect: { effectiveAt: START + 6000 } });
    expect(read).toBeGreaterThan(rounds);
    await cached.close();
  });

  it.each([
    ['filter', [{}, { actor }]],
    ['filter', [{ state: undefined }, { actor }]],
    ['filter', [undefined, { actor }]],
    ['filter.owner', [{ owner: 'org_1' }, { actor }]],
    ['filter.limit', [{ limit: 5, state: 'active' }, { actor }]],
    ['environment', [{ environment: 'prod' }, { actor }]],
    ['options', [{ state: 'active' }, undefined]],
    ['actor', [{ state: 'active' }, {}]],
    ['options.wait', [{ state: 'active' }, { actor, wait: 'commit' }]],
    ['onProgress', [{ state: 'active' }, { actor, onProgress: true }]],
    ['reason', [{ state: 'active' }, { actor, reason: 5 }]],
  ])('refuses a wrong %s, and revokes nothing', async (argument, [filter, options]) => {
    const service = await withKeys();
    const failure = await failureOf(() => revokeWhere(service.keys, wrong(filter), wrong(options)));
    expect(failure).toMatchObject({ code: 'invalid_argument', argument });
    expect(await revokedIn(service)).toEqual([]);
  });

  it('refuses the keys of one owner, and a store that cannot list across owners', async () => {
    const { listAll: _, ...without } = memoryStore();
    for (const keys of [setUp().keys.forOwner('org_1'), setUp({ store: without }).keys]) {
      const failure = await failureOf(() =>
        revokeWhere(wrong(keys), { state: 'active' }, { actor }),
      );
      expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'keys' });
    }
  });
});
