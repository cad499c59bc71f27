import { assertEqual } from '../assert.ts';
import { START, trace } from '../fixtures.ts';
import { chainOf, put, type Topic, unique } from './subject.ts';

export const recordUsage: Topic = {
  'notes when keys were last used, and changes nothing else': async (subject) => {
    const { store, other, owner } = subject;
    const used = await put(subject, { scopes: ['a'], metadata: { b: 1 } });
    const unused = await put(subject);
    await store.recordUsage(new Map([[used.id, START + 7]]));
    assertEqual(await other.find({ id: used.id }), { ...used, lastUsedAt: START + 7 }, 'find');
    const found = await other.findByDigest(used.digest);
    assertEqual(found, { ...used, lastUsedAt: START + 7 }, 'findByDigest');
    assertEqual(await other.find({ id: unused.id }), unused, 'find, a key not used');
    assertEqual((await chainOf(other, owner)).length, 2, 'the number of events');
  },

  'goes forward only': async (subject) => {
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

  'goes forward for each key of a batch by itself': async (subject) => {
    const { store, other } = subject;
    const ahead = await put(subject, { lastUsedAt: START + 50 });
    const behind = await put(subject, { lastUsedAt: START + 10 });
    const usage = [ahead, behind].map(({ id }) => [id, START + 20] as const);
    await store.recordUsage(new Map(usage));
    assertEqual(await other.find({ id: ahead.id }), ahead, 'find, a key used later');
    const used = { ...behind, lastUsedAt: START + 20 };
    assertEqual(await other.find({ id: behind.id }), used, 'find, a key used earlier');
  },

  'passes over unknown ids': async (subject) => {
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

  'takes a batch of 1,000': async (subject) => {
    const { store, other } = subject;
    const keys = await Promise.all(Array.from({ length: 20 }, () => put(subject)));
    const known = keys.map(({ id }, i) => [id, START + i] as const);
    const unknown = Array.from({ length: 980 }, () => [unique('key'), START] as const);
    await store.recordUsage(new Map([...known.slice(0, 10), ...unknown, ...known.slice(10)]));
    for (const [i, key] of keys.entries()) {
      assertEqual(await other.find({ id: key.id }), { ...key, lastUsedAt: START + i }, 'find');
    }
  },

  'never brings a revoked key back': async (subject) => {
    const { store, other } = subject;
    const key = await put(subject);
    await store.revoke({ id: key.id }, trace());
    await store.recordUsage(new Map([[key.id, START + 7]]));
    const expected = { ...key, revokedAt: START, lastUsedAt: START + 7 };
    assertEqual(await other.findByDigest(key.digest), expected, 'findByDigest');
  },
};
