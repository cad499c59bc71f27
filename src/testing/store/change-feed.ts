import type { StoredKey } from '../../record.ts';
import type { ChangeFeed, KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, storedKey, successor, trace } from '../fixtures.ts';
import { repeated } from './contenders.ts';
import { feedOf, generationOf, until, untilRaised } from './leases.ts';
import { put, putMany, type Subject, type Topic, unique } from './subject.ts';

export const changeFeed: Topic = {
  'counts one generation for each change that turns a verdict': async (subject) => {
    const { store, owner } = subject;
    const [one, two] = await putMany(subject, 3);
    assert(one !== undefined && two !== undefined, 'there are keys');
    await assertRaises(subject, 1, {
      update: () => store.update({ id: one.id }, { name: 'n' }, trace()),
      rotate: () => store.rotate({ id: one.id }, successor(), trace()),
      revoke: () => store.revoke({ id: two.id }, trace()),
      revokeAll: () => store.revokeAll(owner, trace()),
    });
  },

  'counts none for what turns no verdict': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject, { createdBy: { id: 'leaver' } });
    await assertRaises(subject, 0, {
      create: () => store.create(storedKey({ owner }), trace()),
      recordUsage: () => store.recordUsage(new Map([[key.id, START + 1]])),
      upgradeDigest: () => store.upgradeDigest(key.id, key.digest, storedKey().digest),
      eraseActor: () => store.eraseActor(owner, 'leaver', trace()),
    });
  },

  'counts none for what changes nothing': async (subject) => {
    const { store } = subject;
    const { id } = await put(subject);
    const taken = await put(subject);
    await store.revoke({ id }, trace());
    const unknown = { id: unique('key') };
    await assertRaises(subject, 0, {
      'update of a revoked key': () => store.update({ id }, { name: 'n' }, trace()),
      'rotate of a revoked key': () => store.rotate({ id }, successor(), trace()),
      'revoke of a revoked key': () => store.revoke({ id }, trace()),
      'rotate to a taken digest': () =>
        store
          .rotate({ id: taken.id }, successor({ digest: taken.digest }), trace())
          .catch(() => undefined),
      'update of no key': () => store.update(unknown, { name: 'n' }, trace()),
      'rotate of no key': () => store.rotate(unknown, successor(), trace()),
      'revoke of no key': () => store.revoke(unknown, trace()),
      'revokeAll of no keys': () => store.revokeAll(unique('org'), trace()),
    });
  },

  'gives the generation of the moment to who has seen another': async (subject) => {
    const feed = feedOf(subject.store);
    const holder = unique('holder');
    const generation = await feed.lease(holder, -1, 1);
    for (const seen of [-1, generation + 1, generation - 1, Number.MAX_SAFE_INTEGER]) {
      assertEqual(await feed.lease(holder, seen, 1), generation, `lease with ${seen}`);
    }
    assertEqual(
      await feedOf(subject.other).lease(holder, -1, 1),
      generation,
      'on the other handle',
    );
  },

  'counts a change no earlier than it can be read': repeated(async (subject) => {
    const { store, other, owner } = subject;
    const keys = await putMany(subject, 3);
    const [one, two, three] = keys;
    assert(one !== undefined && two !== undefined && three !== undefined, 'there are keys');
    const changes: [StoredKey, () => Promise<unknown>][] = [
      [one, () => store.update({ id: one.id }, { name: 'n' }, trace())],
      [two, () => store.rotate({ id: two.id }, successor(), trace())],
      [three, () => store.revoke({ id: three.id }, trace())],
      [one, () => store.revokeAll(owner, trace())],
    ];
    for (const [{ digest }, change] of changes) {
      const before = await generationOf(other);
      const old = await other.findByDigest(digest);
      const done = change();
      await untilRaised(other, before);
      // A cache that has seen the new generation keeps what it reads now.
      const read = await other.findByDigest(digest);
      assert(
        JSON.stringify(read) !== JSON.stringify(old),
        'who sees the new generation reads the changed key',
      );
      await done;
    }
  }),

  'is one for all owners and handles': async (subject) => {
    const { store, other } = subject;
    const { id } = await put({ ...subject, owner: unique('org') });
    const before = await generationOf(store);
    for (const [raised, handle] of [store, other].entries()) {
      await handle.update({ id }, { name: 'n' }, trace());
      const expected = before + raised + 1;
      assertEqual(await generationOf(store), expected, 'the generation');
      assertEqual(await generationOf(other), expected, 'the generation on the other handle');
    }
  },
};

/** For a store whose feed has no push. */
export const noPush: Topic = {
  'is absent': async ({ store }) => {
    assertEqual(feedOf(store).subscribe, undefined, 'subscribe');
  },
};

/** For a store that no cache can stand before. */
export const noChangeFeed: Topic = {
  'is absent': async ({ store }) => {
    assertEqual(store.changes, undefined, 'changes');
  },
};

/** For a store with a push. */
export const push: Topic = {
  'calls the listener after each change that turns a verdict': async (subject) => {
    const { store, owner } = subject;
    const [one, two] = await putMany(subject, 3);
    assert(one !== undefined && two !== undefined, 'there are keys');
    await listening(subject.other, async (calls) => {
      const changes = {
        update: () => store.update({ id: one.id }, { name: 'n' }, trace()),
        rotate: () => store.rotate({ id: one.id }, successor(), trace()),
        revoke: () => store.revoke({ id: two.id }, trace()),
        revokeAll: () => store.revokeAll(owner, trace()),
      };
      for (const [what, change] of Object.entries(changes)) {
        const before = calls();
        await change();
        await until(() => calls() > before, `the listener is called after ${what}`);
      }
    });
  },

  'calls every listener': async (subject) => {
    const { id } = await put(subject);
    await listening(subject.store, (first) =>
      listening(subject.other, async (second) => {
        await subject.store.update({ id }, { name: 'n' }, trace());
        await until(() => first() > 0 && second() > 0, 'both listeners are called');
      }),
    );
  },

  'ends with the function that subscribe gave, for that listener alone': async (subject) => {
    const { store } = subject;
    const { id } = await put(subject);
    let ended = 0;
    await listening(store, async (calls) => {
      const end = await subscribe(feedOf(store), () => ended++);
      await end();
      await store.update({ id }, { name: 'n' }, trace());
      await until(() => calls() > 0, 'the other listener is called');
    });
    assertEqual(ended, 0, 'the number of calls after the end');
  },
};

/** Fails unless each piece of work raises the generation by so many. */
async function assertRaises(
  { other }: Subject,
  by: number,
  work: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  for (const [what, change] of Object.entries(work)) {
    const before = await generationOf(other);
    await change();
    assertEqual(await generationOf(other), before + by, `the generation after ${what}`);
  }
}

/** Runs `body` while a listener is subscribed, whose calls it can count. */
async function listening(
  store: KeyStore,
  body: (calls: () => number) => Promise<void>,
): Promise<void> {
  let calls = 0;
  const end = await subscribe(feedOf(store), () => calls++);
  try {
    await body(() => calls);
  } finally {
    await end();
  }
}

function subscribe(feed: ChangeFeed, listener: () => void): Promise<() => Promise<void>> {
  assert(feed.subscribe !== undefined, 'the feed has a push');
  return feed.subscribe(listener);
}
