import { assertEqual } from '../assert.ts';
import { START } from '../fixtures.ts';
import { assertFound, chainOf, type Topic, unique } from './subject.ts';
import { alter, put, putMany } from './writes.ts';

export const recordUsage: Topic = {
  'records when keys were last used, and changes nothing else': async (subject) => {
    const { store, other, owner } = subject;
    const used = await put(subject, { scopes: ['a'], metadata: { b: 1 } });
    const unused = await put(subject);
    await store.recordUsage(new Map([[used.id, START + 7]]));
    assertEqual(await other.find({ id: used.id }), { ...used, lastUsedAt: START + 7 }, 'find');
    await assertFound(other, used.digest, used, 'findByDigest');
    assertEqual(await other.find({ id: unused.id }), unused, 'find, a key not used');
    assertEqual((await chainOf(other, owner)).length, 2, 'the number of events');
  },

  'only moves forward': async (subject) => {
    const { store, other } = subject;
    const key = await put(subject);
    for (const [at, expected] of [
      [START + 7, START + 7],
      [START + 3, START + 7],
      [START + 7, START + 7],
      [START + 8, START + 8],
    ] as const) {
      await store.recordUsage(new Map([[key.id, at]]));
      assertEqual(await other.find({ id: key.id }), { ...key, lastUsedAt: expected }, 'find');
    }
  },

  'moves forward separately for each key of a batch': async (subject) => {
    const { store, other } = subject;
    const [ahead, behind] = [await put(subject), await put(subject)];
    await store.recordUsage(new Map([[ahead.id, START + 50]]));
    await store.recordUsage(new Map([[behind.id, START + 10]]));
    const usage = [ahead, behind].map(({ id }) => [id, START + 20] as const);
    await store.recordUsage(new Map(usage));
    const later = { ...ahead, lastUsedAt: START + 50 };
    assertEqual(await other.find({ id: ahead.id }), later, 'find, a key used later');
    const used = { ...behind, lastUsedAt: START + 20 };
    assertEqual(await other.find({ id: behind.id }), used, 'find, a key used earlier');
  },

  'ignores unknown ids': async (subject) => {
    const { store, other } = subject;
    const key = await put(subject);
    const unknown = ['__proto__', "' OR 1=1 --", unique('key')];
    const ids = [unknown[0], unknown[1], key.id, unknown[2]] as string[];
    await store.recordUsage(new Map(ids.map((id) => [id, START + 7])));
    assertEqual(await other.find({ id: key.id }), { ...key, lastUsedAt: START + 7 }, 'find');
    const found = await other.find({ id: unknown[2] as string });
    assertEqual(found, undefined, 'find, an unknown id');
  },

  'does nothing with an empty batch': async (subject) => {
    const key = await put(subject);
    await subject.store.recordUsage(new Map());
    assertEqual(await subject.other.find({ id: key.id }), key, 'find');
  },

  'accepts a batch of 1,000': async (subject) => {
    const { store, other } = subject;
    const keys = await putMany(subject, 20);
    const known = keys.map(({ id }, i) => [id, START + i] as const);
    const unknown = Array.from({ length: 980 }, () => [unique('key'), START] as const);
    await store.recordUsage(new Map([...known.slice(0, 10), ...unknown, ...known.slice(10)]));
    for (const [i, key] of keys.entries()) {
      assertEqual(await other.find({ id: key.id }), { ...key, lastUsedAt: START + i }, 'find');
    }
  },

  'is not undone by a change that was decided earlier': async (subject) => {
    const { store, other } = subject;
    const key = await put(subject);
    await store.recordUsage(new Map([[key.id, START + 7]]));
    const seen = { ...key, lastUsedAt: START + 7 };
    await store.recordUsage(new Map([[key.id, START + 9]]));
    await alter(subject, seen, { name: 'n', lastUsedAt: START + 99 });
    const expected = { ...key, name: 'n', lastUsedAt: START + 9 };
    assertEqual(await other.find({ id: key.id }), expected, 'find, after a change');
    await alter(subject, key, { revokedAt: START });
    assertEqual((await other.find({ id: key.id }))?.lastUsedAt, START + 9, 'lastUsedAt');
  },

  'never makes a revoked key valid again': async (subject) => {
    const { store, other } = subject;
    const revoked = await alter(subject, await put(subject), { revokedAt: START });
    await store.recordUsage(new Map([[revoked.id, START + 7]]));
    const expected = { ...revoked, lastUsedAt: START + 7 };
    await assertFound(other, revoked.digest, expected, 'findByDigest');
  },

  'is seen by every read': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject);
    await store.recordUsage(new Map([[key.id, START + 7]]));
    const used = { ...key, lastUsedAt: START + 7 };
    assertEqual((await other.list({ owner, limit: 1, now: START })).items, [used], 'list');
    assertEqual((await other.view({ kind: 'unrevoked', owner })).keys, [used], 'view of all');
    assertEqual((await other.view({ kind: 'key', id: key.id })).keys, [used], 'view of one');
  },
};
