import type { StoredKey } from '../../record.ts';
import type { Successor } from '../../store.ts';
import { assertEqual, assertRejects } from '../assert.ts';
import { START, successor, trace } from '../fixtures.ts';
import {
  assertUnchanged,
  chainOf,
  put,
  type Subject,
  type Topic,
  unique,
  unsealed,
} from './subject.ts';

const AT = START + 1_000;

export const rotate: Topic = {
  'adds a successor that takes after its predecessor': async (subject) => {
    const key = await put(subject, {
      environment: 'test',
      name: 'Zapier production',
      scopes: ['b', 'a'],
      metadata: { plan: { name: 'pro' } },
      lastUsedAt: START,
    });
    await assertRotates(subject, key, successor(), {});
  },

  'hands on being disabled': async (subject) => {
    await assertRotates(subject, await put(subject, { enabled: false }), successor(), {});
  },

  'hands on the expiry unless the successor has its own or none': async (subject) => {
    const expiresAt = AT + 5_000;
    const handed = { added: { expiresAt }, replaced: { expiresAt } };
    await assertRotates(subject, await put(subject, { expiresAt }), successor(), handed);
    const own = { added: { expiresAt: AT + 9 }, replaced: { expiresAt } };
    const later = successor({ expiresAt: AT + 9 });
    await assertRotates(subject, await put(subject, { expiresAt }), later, own);
    const never = successor({ expiresAt: null });
    await assertRotates(subject, await put(subject, { expiresAt }), never, {
      replaced: { expiresAt },
    });
  },

  'gives an expiry to the successor of a key without one': async (subject) => {
    const later = successor({ expiresAt: AT + 9 });
    await assertRotates(subject, await put(subject), later, { added: { expiresAt: AT + 9 } });
    await assertRotates(subject, await put(subject), successor({ expiresAt: null }), {});
  },

  'ends the predecessor with the grace': async (subject) => {
    const graceEndsAt = AT + 500;
    const ended = { replaced: { expiresAt: graceEndsAt } };
    await assertRotates(subject, await put(subject), successor({ graceEndsAt }), ended);
    const long = await put(subject, { expiresAt: AT + 9_000 });
    await assertRotates(subject, long, successor({ graceEndsAt }), {
      added: { expiresAt: AT + 9_000 },
      ...ended,
    });
    await assertRotates(subject, await put(subject), successor({ graceEndsAt: AT }), {
      replaced: { expiresAt: AT },
    });
  },

  'leaves the predecessor its own expiry where that comes first': async (subject) => {
    const expiresAt = AT + 1;
    const key = await put(subject, { expiresAt });
    const kept = { added: { expiresAt }, replaced: { expiresAt } };
    await assertRotates(subject, key, successor({ graceEndsAt: AT + 500 }), kept);
  },

  'leaves one event, on the predecessor': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject, { name: 'n' });
    const next = successor({ graceEndsAt: AT + 500 });
    const actor = { id: 'user_7', name: 'Grace' };
    await store.rotate({ id: key.id }, next, { at: AT, actor, reason: 'yearly' });
    const second = successor();
    await store.rotate({ id: next.id }, second, trace({ at: AT + 1 }));
    const about = { action: 'key.rotated', owner, keyName: 'n' };
    const expected = [
      {
        ...{ ...about, at: AT, keyId: key.id, actor, reason: 'yearly' },
        ...{ successorId: next.id, graceEndsAt: AT + 500 },
      },
      {
        ...{ ...about, at: AT + 1, keyId: next.id, actor: { id: 'user_1' } },
        successorId: second.id,
      },
    ];
    const [, ...events] = unsealed(await chainOf(other, owner));
    assertEqual(events, expected, 'the events');
  },

  'refuses a revoked key': async (subject) => {
    const key = await put(subject);
    await subject.store.revoke({ id: key.id }, trace());
    await assertRefused(subject, key, 'revoked', {});
    await assertRefused(subject, key, 'revoked', { expiresAt: null });
  },

  'refuses an expired key unless the successor has an expiry of its own': async (subject) => {
    const { expiresAt = AT, ...key } = await put(subject, { expiresAt: AT });
    await assertRefused(subject, key, 'expired', {});
    await assertRefused(subject, key, 'expired', { graceEndsAt: AT + 500 });
    const expired = { ...key, expiresAt };
    const never = successor({ expiresAt: null, graceEndsAt: AT + 500 });
    await assertRotates(subject, expired, never, { replaced: { expiresAt } });
    const another = await put(subject, { expiresAt: AT - 1 });
    await assertRotates(subject, another, successor({ expiresAt: AT + 9 }), {
      added: { expiresAt: AT + 9 },
      replaced: { expiresAt: AT - 1 },
    });
  },

  'applies to a key that is about to expire': async (subject) => {
    const expiresAt = AT + 1;
    const handed = { added: { expiresAt }, replaced: { expiresAt } };
    await assertRotates(subject, await put(subject, { expiresAt }), successor(), handed);
  },

  'refuses a key whose successor lives': async (subject) => {
    const { store } = subject;
    const key = await put(subject);
    const next = successor({ expiresAt: AT + 10 });
    await store.rotate({ id: key.id }, next, trace({ at: AT }));
    await assertRefused(subject, key, 'replaced', {});
    await assertRefused(subject, key, 'replaced', { expiresAt: null });
    await store.update({ id: next.id }, { enabled: false }, trace({ at: AT }));
    await assertRefused(subject, key, 'replaced', {});
  },

  'applies again once the successor is revoked': async (subject) => {
    const { store } = subject;
    const key = await put(subject);
    const next = successor();
    await store.rotate({ id: key.id }, next, trace());
    await store.revoke({ id: next.id }, trace());
    await assertRotates(subject, key, successor(), {});
  },

  'hands on no grace when it applies again': async (subject) => {
    const { store } = subject;
    for (const handed of [{}, { expiresAt: AT + 900 }]) {
      const { expiresAt: _, ...key } = await put(subject, handed);
      const next = successor({ graceEndsAt: AT + 500 });
      await store.rotate({ id: key.id }, next, trace());
      await store.revoke({ id: next.id }, trace());
      const replaced = { expiresAt: AT + 500 };
      await assertRotates(subject, key, successor(), { added: handed, replaced });
    }
  },

  'refuses a key in its grace whose successor has expired, unless the next has an expiry': async (
    subject,
  ) => {
    const { expiresAt: _, ...key } = await put(subject);
    const next = successor({ graceEndsAt: AT + 500, expiresAt: AT });
    await subject.store.rotate({ id: key.id }, next, trace());
    await assertRefused(subject, key, 'expired', {});
    await assertRotates(subject, key, successor({ expiresAt: AT + 900 }), {
      added: { expiresAt: AT + 900 },
      replaced: { expiresAt: AT + 500 },
    });
  },

  'applies again once the successor has expired': async (subject) => {
    const { store } = subject;
    const key = await put(subject);
    await store.rotate({ id: key.id }, successor({ expiresAt: AT }), trace());
    await assertRotates(subject, key, successor(), {});
    await assertRefused(subject, key, 'replaced', {});
  },

  'applies to a successor in turn': async (subject) => {
    const key = await put(subject);
    const { id, digest, hint } = successor();
    await subject.store.rotate({ id: key.id }, { id, digest, hint }, trace());
    const next: StoredKey = { ...key, id, digest, hint, replaces: key.id };
    await assertRotates(subject, next, successor(), { replaced: { replaces: key.id } });
  },

  'rejects a taken digest or id and leaves everything as it was': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject);
    const taken = await put(subject);
    const theirs = await put({ ...subject, owner: unique('org') });
    for (const { id, digest } of [key, taken, theirs]) {
      await assertUnchanged(subject, [owner, theirs.owner], async () => {
        const sameDigest = store.rotate({ id: key.id }, successor({ digest }), trace());
        await assertRejects(sameDigest, 'digest_taken', 'a taken digest');
        const sameId = store.rotate({ id: key.id }, successor({ id }), trace());
        await assertRejects(sameId, 'digest_taken', 'a taken id');
      });
    }
    await assertRotates(subject, key, successor(), {});
  },
};

/** Fails unless the rotation gives both keys as they must be, and every read after it does. */
async function assertRotates(
  { store, other }: Subject,
  key: StoredKey,
  next: Successor,
  expected: { readonly added?: Partial<StoredKey>; readonly replaced?: Partial<StoredKey> },
): Promise<void> {
  const { owner, environment, name, scopes, metadata, enabled } = key;
  const { id, digest, hint } = next;
  const actor = { id: 'user_5', name: 'Alan' };
  const added: StoredKey = {
    ...{ id, digest, hint, owner, environment, name, scopes, metadata, enabled },
    ...{ createdAt: AT, createdBy: actor, replaces: key.id },
    ...expected.added,
  };
  const replaced = { ...key, replacedBy: id, replacedAt: AT, ...expected.replaced };
  const outcome = await store.rotate({ id: key.id }, next, { at: AT, actor });
  assertEqual(outcome, { key: added, replaced }, 'rotate');
  assertEqual(await other.find({ id }), added, 'find, the successor');
  assertEqual(await other.findByDigest(digest), added, 'findByDigest, the successor');
  assertEqual(await other.find({ id: key.id }), replaced, 'find, the predecessor');
  assertEqual(await other.findByDigest(key.digest), replaced, 'findByDigest, the predecessor');
}

async function assertRefused(
  subject: Subject,
  { id, owner }: StoredKey,
  refused: string,
  terms: Partial<Successor>,
): Promise<void> {
  const next = successor(terms);
  await assertUnchanged(subject, [owner], async () => {
    const outcome = await subject.store.rotate({ id }, next, trace({ at: AT }));
    assertEqual(outcome, { refused }, 'rotate');
    assertEqual(await subject.other.find({ id: next.id }), undefined, 'find, the successor');
    assertEqual(await subject.other.findByDigest(next.digest), undefined, 'its digest');
  });
}
