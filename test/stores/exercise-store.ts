import type { KeyStore } from 'keywright';
import { storedKey, successor, trace } from 'keywright/testing';
import { expect } from 'vitest';
import { changing } from './sql/changing.ts';

let owners = 0;

/** Goes through what reads and writes values of every kind. */
export async function exerciseStore(store: KeyStore) {
  const key = storedKey({ owner: `org {${++owners}}` });
  const change = changing(store);
  let calls = 0;
  const end = await store.changes?.subscribe?.(() => calls++);
  await store.changes?.register(1);
  await change.create(key, trace());
  expect(await store.find({ id: key.id })).toEqual(key);
  await store.recordUsage(new Map([[key.id, 7]]));
  await change.rotate({ id: key.id }, successor(), trace());
  const { digest } = storedKey();
  expect(await change.upgradeDigest(key.id, key.digest, digest)).toBe(true);
  const revoked = await change.revoke({ id: key.id, owner: key.owner }, trace());
  expect(revoked).toMatchObject({ id: key.id, digest, lastUsedAt: 7 });
  expect(revoked).toMatchObject((await store.findByDigest(digest)) ?? {});
  expect(await store.find({ id: key.id })).toEqual(revoked);
  const { items } = await store.list({ owner: key.owner, limit: 1, now: 0 });
  expect(items).toHaveLength(1);
  const log = await store.listActivity({ owner: key.owner, limit: 2, keyId: key.id });
  expect(log.items.map(({ action }) => action)).toEqual(['key.revoked', 'key.rotated']);
  const factor = { owner: key.owner, actorId: 'user_1' };
  await change.writeFactor(factor, 'secret', trace({ actor: { id: 'user_2' } }));
  const { factor: written } = await store.view({ kind: 'factor', ...factor });
  expect(written).toEqual({ version: 4, value: 'secret' });
  expect(await change.eraseActor(key.owner, 'user_1', trace())).toBe(3);
  expect(await store.readChain(key.owner, 0, 10)).toHaveLength(5);
  const members = await store.changes?.readMembers();
  expect(members).toMatchObject({ maxLeaseMs: 1, members: [], settled: members?.epoch });
  if (end !== undefined) await expect.poll(() => calls).toBeGreaterThan(0);
  await end?.();
}
