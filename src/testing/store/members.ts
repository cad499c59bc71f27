import type { FeedMember } from '../../change-feed.ts';
import type { KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { feedOf } from './feed.ts';
import { type Subject, type Topic, unique } from './subject.ts';
import { alter, changeDraft, changeOn, put } from './writes.ts';

/**
 * The lease of all checks. A store that was opened before keeps the longest lease ever registered. A change
 * that a member does not acknowledge waits for 1.25 times that lease.
 */
export const LEASE_MS = 800;

/** The caches that may answer from memory. */
export const members: Topic = {
  'acknowledge only forward': async (subject) => {
    const { store, other } = subject;
    const holder = unique('holder');
    const total = await totalAfterChange(subject);
    const poll = async () => (await feedOf(other).poll(holder)).acked;
    assertEqual(await poll(), undefined, 'acked, before');
    await feedOf(store).acknowledge(holder, total - 1, LEASE_MS);
    assertEqual(await poll(), total - 1, 'acked');
    await feedOf(store).acknowledge(holder, total, LEASE_MS);
    assertEqual(await poll(), total, 'acked, later');
    for (const late of [total - 1, total]) {
      await feedOf(other).acknowledge(holder, late, LEASE_MS);
      assertEqual(await poll(), total, 'acked, late or twice');
    }
    assertEqual(await memberOf(other, holder), { holder, acked: total }, 'the member');
    await feedOf(store).leave(holder);
  },

  'leave, and can come back': async ({ store, other }) => {
    const [holder, stays] = [unique('holder'), unique('holder')];
    await feedOf(store).leave(holder);
    await feedOf(store).acknowledge(stays, 0, LEASE_MS);
    await feedOf(store).acknowledge(holder, 0, LEASE_MS);
    await feedOf(other).leave(holder);
    assertEqual((await feedOf(other).poll(holder)).acked, undefined, 'acked');
    assertEqual(await memberOf(other, holder), undefined, 'the member that left');
    assertEqual(await memberOf(other, stays), { holder: stays, acked: 0 }, 'the other member');
    await feedOf(store).acknowledge(holder, 0, LEASE_MS);
    assertEqual(await memberOf(other, holder), { holder, acked: 0 }, 'the member that is back');
    for (const member of [holder, stays]) await feedOf(store).leave(member);
  },

  'are read with the total that a change must wait for': async (subject) => {
    const { other } = subject;
    const total = await totalAfterChange(subject);
    assertEqual((await feedOf(other).readMembers()).total, total, 'the total');
    assertEqual(await totalAfterChange(subject), total + 1, 'the total after another change');
    assertEqual((await feedOf(other).readMembers()).total, total + 1, 'the total of the members');
  },

  'are pruned if they have not acknowledged': async (subject) => {
    const { store, other } = subject;
    const total = await totalAfterChange(subject);
    const [behind, ahead, beside] = [unique('holder'), unique('holder'), unique('holder')];
    await feedOf(store).acknowledge(behind, total - 1, LEASE_MS);
    await feedOf(store).acknowledge(ahead, total, LEASE_MS);
    await feedOf(store).acknowledge(beside, total - 1, LEASE_MS);
    await feedOf(store).acknowledge('*', total - 1, LEASE_MS);
    await feedOf(other).prune([behind, ahead, unique('holder')], total);
    assertEqual(await memberOf(other, behind), undefined, 'the member that is behind');
    assertEqual((await memberOf(other, ahead))?.acked, total, 'the member that has acknowledged');
    assertEqual((await memberOf(other, beside))?.acked, total - 1, 'the member that is not named');
    assertEqual((await memberOf(other, '*'))?.holder, '*', 'the member that represents all others');
    await feedOf(other).prune([], total);
    for (const holder of [ahead, beside, '*']) await feedOf(store).leave(holder);
  },

  'make commits report the longest lease ever registered': async (subject) => {
    const { store, other } = subject;
    const { maxLeaseMs } = await feedOf(other).readMembers();
    await assertWatched(subject, maxLeaseMs);
    await feedOf(other).register(LEASE_MS - 1);
    await feedOf(store).register(LEASE_MS);
    await feedOf(other).register(LEASE_MS - 2);
    await assertWatched(subject, LEASE_MS);
    assertEqual((await feedOf(other).readMembers()).maxLeaseMs, LEASE_MS, 'maxLeaseMs');
  },

  'have an epoch that is settled with the first of them': async ({ store, other }) => {
    await feedOf(store).register(LEASE_MS);
    const { epoch, settled } = await feedOf(other).readMembers();
    assertEqual(settled, epoch, 'the settled epoch');
    await feedOf(other).settle(epoch);
    assertEqual((await feedOf(store).readMembers()).settled, epoch, 'the settled epoch, again');
  },
};

/** Changes a key, and returns the total of generations after it. */
async function totalAfterChange(subject: Subject): Promise<number> {
  await alter(subject, await put(subject), { name: unique('name') });
  return (await feedOf(subject.other).poll('nobody')).total;
}

/** Fails unless a commit that purges a key reports the expected milliseconds. */
async function assertWatched(subject: Subject, expected: number): Promise<void> {
  const { store, owner } = subject;
  const key = await put(subject);
  const draft = changeDraft(key, { ...key, name: 'n' });
  const result = await store.commit(await changeOn(store, owner, draft));
  assertEqual(result, { status: 'committed', watchedMs: expected }, 'commit');
}

async function memberOf(store: KeyStore, holder: string): Promise<FeedMember | undefined> {
  const { members } = await feedOf(store).readMembers();
  const found = members.filter((member) => member.holder === holder);
  assert(found.length <= 1, 'a holder is a member once');
  const [member] = found;
  return member && { holder: member.holder, acked: member.acked };
}
