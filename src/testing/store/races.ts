import type { StoredKey } from '../../record.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, storedKey, successor, trace } from '../fixtures.ts';
import { assertOneTaken, atOnce, eventsOf, repeated } from './contenders.ts';
import {
  chainOf,
  keptKey,
  listedKeys,
  put,
  putMany,
  type Subject,
  type Topic,
  unique,
} from './subject.ts';

export const races: Topic = {
  'of creations with one digest have one winner': repeated(async (subject) => {
    const { digest } = storedKey();
    const owners = [unique('org'), unique('org')];
    const keys = Array.from({ length: 16 }, (_, i) =>
      storedKey({ owner: owners[i % 4 < 2 ? 0 : 1] as string, digest }),
    );
    await assertOneTaken(subject, keys, (handle, key) => handle.create(key, trace()));
    const stored = await subject.other.findByDigest(digest);
    const [winner] = keys.filter(({ id }) => id === stored?.id);
    assertEqual(stored, winner, 'findByDigest');
    const counts = await Promise.all(owners.map((owner) => chainOf(subject.other, owner)));
    assertEqual(counts.flat().length, 1, 'the number of events');
  }),

  'of creations with one id have one winner': repeated(async (subject) => {
    const { owner, other } = subject;
    const id = unique('key');
    const keys = Array.from({ length: 16 }, () => storedKey({ owner, id }));
    const before = (await chainOf(other, owner)).length;
    await assertOneTaken(subject, keys, (handle, key) => handle.create(key, trace()));
    const found = await Promise.all(keys.map(({ digest }) => other.findByDigest(digest)));
    assertEqual(found.filter(Boolean), [await keptKey(other, id)], 'the keys found by digest');
    assertEqual((await chainOf(other, owner)).length, before + 1, 'the number of events');
  }),

  'of rotations to one digest have one winner': repeated(async (subject) => {
    const { owner, other } = subject;
    const { digest } = storedKey();
    const keys = await putMany(subject, 8);
    await assertOneTaken(subject, keys, (handle, { id }) =>
      handle.rotate({ id }, successor({ digest }), trace()),
    );
    const replaced = (await listedKeys(other, { owner })).filter(
      (key) => keys.some(({ id }) => id === key.id) && key.replacedBy !== undefined,
    );
    const stored = await other.findByDigest(digest);
    assertEqual(
      replaced.map(({ id }) => id),
      [stored?.replaces],
      'the keys that are replaced',
    );
    assertEqual((await eventsOf(subject, keys, 'key.rotated')).length, 1, 'the number of events');
  }),

  'of updates of different fields and a note of usage keep them all': repeated(async (subject) => {
    const { other } = subject;
    const key = await put(subject, { metadata: { a: 1 } });
    const changes = [
      { name: 'renamed' },
      { scopes: ['a'] },
      { metadata: { b: 2 } },
      { enabled: false },
      { expiresAt: START + 60_000 },
    ];
    await Promise.all([
      atOnce(subject, changes, (handle, change) => handle.update({ id: key.id }, change, trace())),
      other.recordUsage(new Map([[key.id, START + 9]])),
    ]);
    const expected = { ...key, ...Object.assign({}, ...changes), lastUsedAt: START + 9 };
    assertEqual(await other.find({ id: key.id }), expected, 'find');
    const { length } = await eventsOf(subject, [key], 'key.updated');
    assertEqual(length, changes.length, 'the number of events');
  }),

  'of updates of one field leave the last value of the log': repeated(async (subject) => {
    const key = await put(subject);
    const names = Array.from({ length: 16 }, (_, i) => `name ${i}`);
    await atOnce(subject, names, (handle, name) =>
      handle.update({ id: key.id }, { name }, trace()),
    );
    const events = await eventsOf(subject, [key], 'key.updated');
    assertEqual(events.length, 16, 'the number of events');
    const { name } = await keptKey(subject.other, key.id);
    assertEqual(events.at(-1)?.change?.name, name, 'the newest value');
    const before = events.map(({ keyName }) => keyName).slice(1);
    const after = events.map(({ change }) => change?.name).slice(0, -1);
    assertEqual(before, after, 'the name that each event found');
  }),

  'of an update against a revocation never bring the key back': repeated(async (subject) => {
    const key = await put(subject);
    const contenders = Array.from({ length: 16 }, (_, i) => i);
    const outcomes = await atOnce(subject, contenders, async (handle, i) => {
      if (i % 4 !== 3) {
        const outcome = await handle.update({ id: key.id }, { name: `${i}` }, trace());
        return outcome && 'key' in outcome ? 'updated' : outcome?.refused;
      }
      await handle.revoke({ id: key.id }, trace());
      return 'revoked by itself';
    });
    await assertRevoked(subject, key);
    const of = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
    assertEqual(of('updated') + of('revoked'), 12, 'the number of outcomes of an update');
    const { length } = await eventsOf(subject, [key], 'key.updated');
    assertEqual(length, of('updated'), 'the number of events');
  }),

  'of notes of usage against a revocation never bring the key back': repeated(async (subject) => {
    const key = await put(subject);
    await atOnce(subject, Array.from({ length: 16 }), async (handle, _, i) => {
      if (i === 8) await handle.revoke({ id: key.id }, trace());
      else await handle.recordUsage(new Map([[key.id, START + ((i * 7) % 16)]]));
    });
    const { lastUsedAt } = await assertRevoked(subject, key);
    assertEqual(lastUsedAt, START + 15, 'lastUsedAt');
  }),

  'of notes of usage of many keys in any order keep the latest of each': repeated(
    async (subject) => {
      const keys = await putMany(subject, 8);
      const batches = Array.from({ length: 8 }, (_, i) =>
        keys.map((_key, j) => [keys[(i * 3 + j) % 8]?.id ?? '', START + i * 10 + j] as const),
      );
      await atOnce(subject, batches, (handle, batch) => handle.recordUsage(new Map(batch)));
      for (const { id } of keys) {
        const times = batches.map((batch) => new Map(batch).get(id) ?? 0);
        const { lastUsedAt } = await keptKey(subject.other, id);
        assertEqual(lastUsedAt, Math.max(...times), 'lastUsedAt');
      }
    },
  ),

  'of a revocation of all keys against rotations leave no key alive': repeated(async (subject) => {
    const { other } = subject;
    const owner = unique('org');
    const keys = await putMany({ ...subject, owner }, 8);
    await atOnce(subject, keys, async (handle, { id }, i) => {
      if (i === 4) await handle.revokeAll(owner, trace());
      await handle.rotate({ id }, successor(), trace());
    });
    const alive = await listedKeys(other, { owner, state: 'active' });
    assertEqual(alive, [], 'the keys that are active');
    await chainOf(other, owner);
  }),

  'of erasures of one actor count each event once': repeated(async (subject) => {
    const { other } = subject;
    const owner = unique('org');
    await putMany({ ...subject, owner }, 4);
    const erased = await atOnce(subject, [1, 2, 3, 4], (handle) =>
      handle.eraseActor(owner, 'user_1', trace({ actor: { id: 'user_2' } })),
    );
    assertEqual(erased.sort(), [0, 0, 0, 4], 'the numbers of events erased');
    assertEqual((await chainOf(other, owner)).length, 8, 'the number of events');
  }),

  'of revocations of all keys and of each leave one event a key': repeated(async (subject) => {
    const { owner } = subject;
    const keys = await putMany(subject, 6);
    await atOnce(subject, Array.from({ length: 10 }), async (handle, _, i) => {
      const { id } = keys[i % keys.length] as StoredKey;
      if (i % 3 === 0) await handle.revokeAll(owner, trace());
      else await handle.revoke({ id }, trace());
    });
    for (const key of keys) await assertRevoked(subject, key);
  }),
};

/** Fails unless the key is revoked for good, with one event, after which nothing changed it. */
async function assertRevoked({ store, other, owner }: Subject, key: StoredKey) {
  const kept = await keptKey(other, key.id);
  assertEqual(kept.revokedAt, START, 'revokedAt');
  const about = (await chainOf(other, owner)).filter(({ keyId }) => keyId === key.id);
  const revocations = about.filter(({ action }) => action === 'key.revoked');
  assertEqual(revocations.length, 1, 'the number of events key.revoked');
  assert(about.at(-1)?.action === 'key.revoked', 'no change of the key follows its revocation');
  const outcome = await store.update({ id: key.id }, { name: 'n' }, trace());
  assertEqual(outcome, { refused: 'revoked' }, 'update, after all');
  return kept;
}
