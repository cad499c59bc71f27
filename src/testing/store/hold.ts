import { hasCode } from '../../errors.ts';
import { createRule } from '../../rules/create.ts';
import type { ChangeScope, CommitResult, KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { storedKey, trace } from '../fixtures.ts';
import { repeated } from './contenders.ts';
import { assertUnchanged, chainOf, type Subject, type Topic, unique } from './subject.ts';
import { RunningWork } from './timing.ts';
import {
  addDraft,
  assertStatus,
  changeDraft,
  changeOn,
  changesOf,
  eventDraft,
  put,
  write,
} from './writes.ts';

/** How long a contended change may take. It is retried for five seconds. */
export const CONTENDED_MS = 15_000;

/** For a store with `hold`. */
export const hold: Topic = {
  'commits what its work committed': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject);
    const after = { ...key, name: 'held' };
    const result = await holdOwner(store, owner, async (held) => {
      const view = await held.view({ kind: 'key', id: key.id, owner });
      assertEqual(view.keys, [key], 'the key that the view shows');
      await write(held, owner, changeDraft(key, after));
      return 'result';
    });
    assertEqual(result, 'result', 'what hold returns');
    assertEqual(await other.find({ id: key.id }), after, 'find');
    assertEqual((await chainOf(other, owner)).length, 2, 'the number of events');
  },

  'shows earlier commits to its work': repeated(async ({ store, other, owner }) => {
    const { events } = await write(store, owner, eventDraft(owner));
    await holdOwner(other, owner, async (held) => {
      const { head } = await held.view({ kind: 'owner', owner });
      assertEqual(head.digest, events[0]?.id, 'the head');
    });
  }),

  'releases the owner and writes nothing if its work rejects': async (subject) => {
    const { store, other, owner } = subject;
    await assertUnchanged(subject, [owner], async () => {
      const failure = new Error('the work fails');
      const failed = await holdOwner(store, owner, async (held) => {
        await held.view({ kind: 'owner', owner });
        throw failure;
      }).catch((error: unknown) => error);
      assert(failed === failure, 'hold rejects with the error of its work');
    });
    await write(other, owner, eventDraft(owner));
  },

  'stays usable after a commit that fails': async (subject) => {
    const { store, other, owner } = subject;
    const taken = await put(subject);
    await holdOwner(store, owner, (held) => assertUsable(held, owner, taken.digest));
    assertEqual((await chainOf(other, owner)).length, 2, 'the number of events');
  },

  'lets no other change of the owner commit': async (subject) => {
    const { store, other, owner } = subject;
    const [mine, theirs] = [storedKey({ owner }), storedKey({ owner })];
    const change = await changeOn(other, owner, addDraft(theirs));
    let beside: RunningWork<CommitResult> | undefined;
    await holdOwner(store, owner, async (held) => {
      await held.view({ kind: 'owner', owner });
      beside = new RunningWork('the other change', other.commit(change));
      await beside.runs();
      await write(held, owner, addDraft(mine));
    });
    await assertAlone(subject, beside, mine.id);
  },

  'ends in time while another hold lasts': async (subject) => {
    const { store, other, owner } = subject;
    const key = storedKey({ owner });
    let status: CommitResult['status'] | undefined;
    await holdOwner(store, owner, async (held) => {
      const change = await changeOn(held, owner, eventDraft(owner));
      const second = holdOwner(other, owner, (scope) => write(scope, owner, addDraft(key)));
      const ended = await new RunningWork('the second hold', second).ends(CONTENDED_MS);
      const isContended = hasCode(ended.error, 'change_contended');
      assert('result' in ended || isContended, `it is contended, not ${ended.error}`);
      ({ status } = await held.commit(change));
      assertEqual(status, isContended ? 'committed' : 'stale', 'the first commit');
    }).catch((error: unknown) => {
      assert(hasCode(error, 'change_contended'), `the first hold is lost, not ${error}`);
    });
    assertEqual((await chainOf(other, owner)).length, 1, 'the number of events');
  },

  'lets changes follow each other on both handles': repeated(async ({ store, other, owner }) => {
    const before = (await chainOf(other, owner)).length;
    const holds = Array.from({ length: 8 }, (_, i) =>
      holdOwner(i % 2 ? store : other, owner, (held) => write(held, owner, eventDraft(owner))),
    );
    await Promise.all(holds);
    assertEqual((await chainOf(other, owner)).length, before + 8, 'the number of events');
  }),
};

/** For a store in which a hold does not block other owners. */
export const holdBeside: Topic = {
  'lets changes of other owners commit': async ({ store, other, owner }) => {
    const theirs = unique('org');
    await holdOwner(store, owner, async (held) => {
      await held.view({ kind: 'owner', owner });
      const key = storedKey({ owner: theirs });
      const change = changesOf(other).make(createRule(theirs, () => key, trace()));
      await new RunningWork("the other owner's change", change).resolves();
    });
  },
};

/** For a store without `hold`. */
export const noHold: Topic = {
  'is absent': async ({ store }) => {
    assertEqual(store.hold, undefined, 'hold');
  },
};

/** Fails unless the scope can commit after a stale commit and one whose digest was taken. */
export async function assertUsable(
  scope: ChangeScope,
  owner: string,
  taken: string,
): Promise<void> {
  const key = storedKey({ owner });
  const change = await changeOn(scope, owner, addDraft(key));
  const head = { ...change.head, digest: key.digest };
  assertStatus(await scope.commit({ ...change, head }), 'stale');
  const draft = addDraft({ ...key, digest: taken });
  assertStatus(await scope.commit(await changeOn(scope, owner, draft)), 'digest_taken');
  assertStatus(await scope.commit(change), 'committed');
}

function holdOwner<Result>(
  store: KeyStore,
  owner: string,
  work: (held: ChangeScope) => Promise<Result>,
): Promise<Result> {
  assert(store.hold !== undefined, 'the store can hold an owner');
  return store.hold(owner, work);
}

/** Fails if a change beside that of a key was made too, so that the owner has more than its event. */
export async function assertAlone(
  { other, owner }: Pick<Subject, 'other' | 'owner'>,
  beside: RunningWork<CommitResult> | undefined,
  keyId: string,
): Promise<void> {
  const ended = await beside?.ends(CONTENDED_MS);
  assert(ended?.result?.status !== 'committed', 'the other change is not made');
  const events = await chainOf(other, owner);
  assertEqual(
    events.map((event) => event.keyId),
    [keyId],
    'the keys of the events',
  );
}
