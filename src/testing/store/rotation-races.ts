import type { StoredKey } from '../../record.ts';
import type { RotateOutcome } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, successor, trace } from '../fixtures.ts';
import { atOnce, repeated } from './contenders.ts';
import { chainOf, keptKey, listedKeys, put, type Subject, type Topic, unique } from './subject.ts';

const CONTENDERS = 16;

export const rotationRaces: Topic = {
  'of rotations have one winner': repeated(async (subject) => {
    const key = await put(subject);
    const nexts = Array.from({ length: CONTENDERS }, () => successor());
    const outcomes = await atOnce(subject, nexts, (handle, next) =>
      handle.rotate({ id: key.id }, next, trace()),
    );
    const winners = await assertLinked(subject, key, nexts, outcomes);
    assertEqual(winners, 1, 'the number of winners');
    const losers = outcomes.filter((outcome) => outcome && 'refused' in outcome);
    const refused = losers.map((outcome) => outcome && 'refused' in outcome && outcome.refused);
    assertEqual(refused, Array(CONTENDERS - 1).fill('replaced'), 'what the losers are told');
  }),

  'of rotations and revocations end revoked, with at most one successor': repeated(
    async (subject) => {
      const key = await put(subject);
      const nexts = Array.from({ length: CONTENDERS }, () => successor());
      const outcomes = await atOnce(subject, nexts, async (handle, next, i) => {
        if (i % 2 === 0) return handle.rotate({ id: key.id }, next, trace());
        await handle.revoke({ id: key.id }, trace());
        return { refused: 'revoked' } as const;
      });
      const winners = await assertLinked(subject, key, nexts, outcomes);
      assert(winners <= 1, 'there is at most one successor');
      assertEqual((await keptKey(subject.other, key.id)).revokedAt, START, 'revokedAt');
      const about = await actionsAbout(subject, key);
      const expected = ['key.created', ...(winners ? ['key.rotated'] : []), 'key.revoked'];
      assertEqual(about, expected, 'the actions');
    },
  ),

  'of rotations and revocations of the successor have one successor alive': repeated(
    async (subject) => {
      const { store, other, owner } = subject;
      const key = await put(subject);
      const first = successor();
      await store.rotate({ id: key.id }, first, trace());
      const nexts = Array.from({ length: CONTENDERS }, () => successor());
      const outcomes = await atOnce(subject, nexts, async (handle, next, i) => {
        if (i !== 5) return handle.rotate({ id: key.id }, next, trace());
        await handle.revoke({ id: first.id, owner }, trace());
        return { refused: 'revoked' } as const;
      });
      const winners = await assertLinked(subject, key, nexts, outcomes, first.id);
      assert(winners <= 1, 'there is at most one successor more');
      assertEqual((await keptKey(other, first.id)).revokedAt, START, 'revokedAt of the first');
      const rotations = (await actionsAbout(subject, key)).slice(1);
      assertEqual(rotations, Array(1 + winners).fill('key.rotated'), 'the actions');
    },
  ),

  'of changes of many keys of one owner keep its chain whole': repeated(async (subject) => {
    const { other } = subject;
    const owner = unique('org');
    const keys: StoredKey[] = [];
    for (let i = 0; i < 6; i++) keys.push(await put({ ...subject, owner }));
    const done: string[] = [];
    await atOnce(subject, [...keys, ...keys, ...keys, ...keys], async (store, { id }, i) => {
      const change = ['update', 'rotate', 'revoke', 'create'][i % 4];
      if (change === 'update') {
        const outcome = await store.update({ id }, { name: `${i}` }, trace());
        if (outcome && 'key' in outcome) done.push('key.updated');
      } else if (change === 'rotate') {
        const outcome = await store.rotate({ id }, successor(), trace());
        if (outcome && 'key' in outcome) done.push('key.rotated');
      } else if (change === 'revoke') {
        await store.revoke({ id }, trace());
      } else {
        await put({ store, owner });
        done.push('key.created');
      }
    });
    const actions = (await chainOf(other, owner)).slice(keys.length).map(({ action }) => action);
    const others = actions.filter((action) => action !== 'key.revoked');
    assertEqual(others.sort(), done.sort(), 'the events of what was done');
    const revoked = (await listedKeys(other, { owner })).filter((key) => key.revokedAt === START);
    const { length } = actions.filter((action) => action === 'key.revoked');
    assertEqual(length, revoked.length, 'the number of events key.revoked');
  }),

  'of changes of many owners keep every chain whole': repeated(async (subject) => {
    const owners = Array.from({ length: 8 }, () => unique('org'));
    await atOnce(subject, [...owners, ...owners, ...owners], (store, owner) =>
      put({ store, owner }),
    );
    for (const owner of owners) {
      assertEqual((await chainOf(subject.other, owner)).length, 3, 'the number of events');
    }
  }),
};

/**
 * Fails unless the winner alone is stored as the successor, and gives the number of winners.
 *
 * @param earlier the id of the successor of before the race
 */
async function assertLinked(
  { other }: Subject,
  key: StoredKey,
  nexts: readonly { readonly id: string; readonly digest: string }[],
  outcomes: readonly (RotateOutcome | undefined)[],
  earlier?: string,
): Promise<number> {
  const won = outcomes.flatMap((outcome) => (outcome && 'key' in outcome ? [outcome.key] : []));
  const stored = await Promise.all(nexts.map(({ digest }) => other.findByDigest(digest)));
  const ids = stored.flatMap((next) => (next ? [next.id] : []));
  assertEqual(
    ids,
    won.map(({ id }) => id),
    'the successors that are stored',
  );
  for (const next of stored) if (next) assertEqual(next.replaces, key.id, 'replaces');
  const { replacedBy } = await keptKey(other, key.id);
  assertEqual(replacedBy, won.at(-1)?.id ?? earlier, 'replacedBy');
  return won.length;
}

async function actionsAbout({ other, owner }: Subject, key: StoredKey): Promise<string[]> {
  const events = await chainOf(other, owner);
  return events.filter(({ keyId }) => keyId === key.id).map(({ action }) => action);
}
