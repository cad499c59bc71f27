import type { StoredKey } from '../../record.ts';
import { createRule } from '../../rules/create.ts';
import { eraseActorRule } from '../../rules/erase-actor.ts';
import { revokeAllRule, revokeRule } from '../../rules/revoke.ts';
import { rotateRule } from '../../rules/rotate.ts';
import type { ChangeRule } from '../../rules/rule.ts';
import { updateRule } from '../../rules/update.ts';
import { upgradeDigestRule } from '../../rules/upgrade-digest.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, storedKey, successor, trace } from '../fixtures.ts';
import { atOnce, eventsOf, repeated } from './contenders.ts';
import { factorDraft, factorOf } from './factors.ts';
import { assertFound, chainOf, keptKey, listedKeys, type Topic, unique } from './subject.ts';
import { changesOf, put, putMany } from './writes.ts';

const CONTENDERS = Array.from({ length: 16 }, (_, i) => i);

/** Concurrent changes of services on two handles. */
export const races: Topic = {
  'of creations with one digest have one winner': repeated(async (subject) => {
    const { digest } = storedKey();
    const owners = [unique('org'), unique('org')];
    const keys = CONTENDERS.map((i) =>
      storedKey({ owner: owners[i % 4 < 2 ? 0 : 1] as string, digest }),
    );
    const results = await atOnce(subject, keys, (key) => createRule(key.owner, () => key, trace()));
    assertEqual(results.filter((result) => result !== 'digest_taken').length, 1, 'the winners');
    const winner = keys[results.findIndex((result) => result !== 'digest_taken')];
    await assertFound(subject.other, digest, winner, 'findByDigest');
    const events = await Promise.all(owners.map((owner) => chainOf(subject.other, owner)));
    assertEqual(events.flat().length, 1, 'the number of events');
  }),

  'of creations with one id have one winner': repeated(async (subject) => {
    const { other } = subject;
    const id = unique('key');
    const owner = unique('org');
    const keys = CONTENDERS.map(() => storedKey({ owner, id }));
    const results = await atOnce(subject, keys, (key) => createRule(owner, () => key, trace()));
    assertEqual(results.filter((result) => result !== 'digest_taken').length, 1, 'the winners');
    const winner = await keptKey(other, id);
    for (const key of keys) {
      const isWinner = key.digest === winner.digest;
      await assertFound(other, key.digest, isWinner ? key : undefined, 'findByDigest');
    }
    assertEqual((await chainOf(other, owner)).length, 1, 'the number of events');
  }),

  'of rotations have one winner': repeated(async (subject) => {
    const { other } = subject;
    const key = await put(subject);
    const nexts = CONTENDERS.map(() => successor());
    const results = await atOnce(subject, nexts, (next) =>
      rotateRule({ id: key.id }, () => next, trace()),
    );
    assertEqual(results.filter((result) => result !== 'key_replaced').length, 1, 'the winners');
    const stored = await Promise.all(nexts.map(({ digest }) => other.findByDigest(digest)));
    const [winner, ...others] = stored.filter((found) => found !== undefined);
    assertEqual(others, [], 'the successors of those that lost');
    assertEqual((await keptKey(other, key.id)).replacedBy, winner?.id, 'replacedBy');
    assertEqual((await eventsOf(subject, [key], 'key.rotated')).length, 1, 'the events');
  }),

  'of rotations and revocations end revoked, with at most one successor': repeated(
    async (subject) => {
      const { other } = subject;
      const key = await put(subject);
      const nexts = CONTENDERS.map(() => successor());
      const results = await atOnce(subject, nexts, (next, i): ChangeRule<unknown> => {
        const ref = { id: key.id };
        return i % 2 ? revokeRule(ref, trace()) : rotateRule(ref, () => next, trace());
      });
      const rotations = results.filter((result, i) => i % 2 === 0 && typeof result !== 'string');
      assert(rotations.length <= 1, 'there is at most one successor');
      assertEqual((await keptKey(other, key.id)).revokedAt, START, 'revokedAt');
      const about = (await chainOf(other, key.owner)).filter(({ keyId }) => keyId === key.id);
      const expected = ['key.created', ...rotations.map(() => 'key.rotated'), 'key.revoked'];
      const actions = about.map(({ action }) => action);
      assertEqual(actions, expected, 'the actions');
    },
  ),

  'of updates of different fields and a recorded use keep them all': repeated(async (subject) => {
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
      atOnce(subject, changes, (change) => updateRule({ id: key.id }, change, trace())),
      other.recordUsage(new Map([[key.id, START + 9]])),
    ]);
    const expected = { ...key, ...Object.assign({}, ...changes), lastUsedAt: START + 9 };
    assertEqual(await other.find({ id: key.id }), expected, 'find');
    assertEqual((await eventsOf(subject, [key], 'key.updated')).length, 5, 'the events');
  }),

  'of updates of one field leave the last value of the log': repeated(async (subject) => {
    const key = await put(subject);
    await atOnce(subject, CONTENDERS, (i) => updateRule({ id: key.id }, { name: `${i}` }, trace()));
    const events = await eventsOf(subject, [key], 'key.updated');
    assertEqual(events.length, CONTENDERS.length, 'the number of events');
    const names = events.map(({ change }) => change?.name);
    assertEqual((await keptKey(subject.other, key.id)).name, names.pop(), 'the newest value');
    assertEqual(
      events.slice(1).map(({ keyName }) => keyName),
      names,
      'the name that each event found',
    );
  }),

  'of updates, uses and a revocation never make the key valid again': repeated(async (subject) => {
    const { store, other } = subject;
    const key = await put(subject);
    const usage = CONTENDERS.map((i) =>
      (i % 2 ? store : other).recordUsage(new Map([[key.id, START + ((i * 7) % 16)]])),
    );
    const results = await atOnce(subject, CONTENDERS, (i): ChangeRule<unknown> => {
      const ref = { id: key.id };
      return i === 8 ? revokeRule(ref, trace()) : updateRule(ref, { name: `${i}` }, trace());
    });
    await Promise.all(usage);
    const kept = await keptKey(other, key.id);
    assertEqual([kept.revokedAt, kept.lastUsedAt], [START, START + 15], 'the times');
    const refused = results.filter((result) => result === 'key_revoked').length;
    const { length } = await eventsOf(subject, [key], 'key.updated');
    assertEqual(length, CONTENDERS.length - 1 - refused, 'the number of updates');
    const events = await chainOf(other, key.owner);
    assertEqual(
      events.filter(({ keyId }) => keyId === key.id).at(-1)?.action,
      'key.revoked',
      'last',
    );
  }),

  'of recorded uses of many keys keep the latest of each': repeated(async (subject) => {
    const { store, other } = subject;
    const keys = await putMany({ ...subject, owner: unique('org') }, 8);
    const batches = keys.map(
      (_, i) => new Map(keys.map((_, j) => [keys[(i * 3 + j) % 8]?.id ?? '', START + i * 10 + j])),
    );
    await Promise.all(batches.map((batch, i) => (i % 2 ? store : other).recordUsage(batch)));
    for (const { id } of keys) {
      const latest = Math.max(...batches.map((batch) => batch.get(id) ?? 0));
      assertEqual((await keptKey(other, id)).lastUsedAt, latest, 'lastUsedAt');
    }
  }),

  'of a revocation of all keys against rotations leave none alive': repeated(async (subject) => {
    const { other } = subject;
    const owner = unique('org');
    const keys = await putMany({ ...subject, owner }, 8);
    const rotations = atOnce(subject, keys, ({ id }) =>
      rotateRule({ id, owner }, () => successor(), trace()),
    );
    await Promise.all([rotations, changesOf(other).make(revokeAllRule(owner, trace()))]);
    const revoked = await eventsOf({ other, owner }, keys, 'key.revoked');
    assertEqual(revoked.length, keys.length, 'the number of keys revoked');
    const alive = await listedKeys(other, { owner, state: 'active' });
    const lastRevoked = Math.max(...revoked.map(({ sequence }) => sequence));
    const late = await eventsOf({ other, owner }, keys, 'key.rotated');
    const after = late.filter(({ sequence }) => sequence > lastRevoked);
    assertEqual([alive, after], [[], []], 'keys alive, and rotations of revoked keys');
  }),

  'of erasures of one actor count each event once': repeated(async (subject) => {
    const { other } = subject;
    const owner = unique('org');
    await putMany({ ...subject, owner }, 4);
    const by = trace({ actor: { id: 'user_2' } });
    const erased = await atOnce(subject, [1, 2, 3, 4], () => eraseActorRule(owner, 'user_1', by));
    assertEqual(erased.sort(), [0, 0, 0, 4], 'the numbers of events erased');
    assertEqual((await chainOf(other, owner)).length, 8, 'the number of events');
  }),

  'of upgrades of one digest have one winner': repeated(async (subject) => {
    const key = await put(subject);
    const digests = CONTENDERS.map(() => storedKey().digest);
    const done = await atOnce(subject, digests, (to) => upgradeDigestRule(key.id, key.digest, to));
    assertEqual(done.filter((upgraded) => upgraded === true).length, 1, 'the winners');
    const digest = digests[done.indexOf(true)] as string;
    await assertFound(subject.other, digest, { ...key, digest }, 'findByDigest');
  }),

  'of upgrades of digests and updates keep both': repeated(async (subject) => {
    const { other } = subject;
    const key = await put(subject);
    const { digest } = storedKey();
    await atOnce(subject, CONTENDERS, (i): ChangeRule<unknown> => {
      if (i === 0) return upgradeDigestRule(key.id, key.digest, digest);
      return updateRule({ id: key.id }, { name: `${i}` }, trace());
    });
    const { name } = await keptKey(other, key.id);
    await assertFound(other, digest, { ...key, name, digest }, 'findByDigest');
  }),

  'of counters in a second factor lose nothing': repeated(async (subject) => {
    const { store, other } = subject;
    const ref = { owner: unique('org'), actorId: 'user_1' };
    await atOnce(subject, CONTENDERS, () => ({
      query: { kind: 'factor', ...ref },
      decide: ({ factor }) => ({
        result: undefined,
        draft: factorDraft(ref, String(Number(factor?.value ?? 0) + 1)),
      }),
    }));
    const { length } = CONTENDERS;
    assertEqual(await factorOf(other, ref), { version: length, value: `${length}` }, 'the count');
    assertEqual((await chainOf(store, ref.owner)).length, length, 'the number of events');
  }),

  'of a second factor and an erasure leave no earlier document': repeated(async (subject) => {
    const { store, other } = subject;
    const ref = { owner: unique('org'), actorId: 'leaver' };
    const write = (value: string): ChangeRule<unknown> => ({
      query: { kind: 'factor', ...ref },
      decide: ({ factor }) =>
        value === 'first' || factor ? { result: 1, draft: factorDraft(ref, value) } : { result: 0 },
    });
    await changesOf(store).make(write('first'));
    await atOnce(subject, [0, 1], (i): ChangeRule<unknown> => {
      return i === 0 ? write('second') : eraseActorRule(ref.owner, ref.actorId, trace());
    });
    assertEqual(await factorOf(other, ref), undefined, 'the document');
    await chainOf(other, ref.owner);
  }),

  'of changes of many keys of many owners keep every chain whole': repeated(async (subject) => {
    const { other } = subject;
    const owners = [unique('org'), unique('org'), unique('org')];
    const keys: StoredKey[] = [];
    for (const owner of owners) keys.push(...(await putMany({ ...subject, owner }, 4)));
    const results = await atOnce(subject, [...keys, ...keys, ...keys], ruleOf);
    const events = await Promise.all(owners.map((owner) => chainOf(other, owner)));
    const stored = await Promise.all(owners.map((owner) => listedKeys(other, { owner })));
    const revoked = stored.flat().filter(({ revokedAt }) => revokedAt !== undefined);
    const made = results.filter((result, i) => i % 4 !== 2 && typeof result !== 'string');
    const expected = keys.length + made.length + revoked.length;
    assertEqual(events.flat().length, expected, 'the number of events');
  }),
};

function ruleOf({ id, owner }: StoredKey, i: number): ChangeRule<unknown> {
  switch (i % 4) {
    case 0:
      return updateRule({ id }, { name: `${i}` }, trace());
    case 1:
      return rotateRule({ id, owner }, () => successor(), trace());
    case 2:
      return revokeRule({ id, owner }, trace());
    default:
      return createRule(owner, () => storedKey({ owner }), trace());
  }
}
