import { monotonicMs } from '../../clock.ts';
import type { ChangeOutcome } from '../../rules/changes.ts';
import { revokeRule } from '../../rules/revoke.ts';
import type { KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, trace } from '../fixtures.ts';
import { feedOf } from './feed.ts';
import { LEASE_MS } from './members.ts';
import { type Topic, unique } from './subject.ts';
import { RunningWork, SOON_MS, until } from './timing.ts';
import { changesOf, put } from './writes.ts';

/** A revocation resolves once no cache can still accept the key. */
export const barrier: Topic = {
  'waits for a member until it acknowledges': async (subject) => {
    const { store, other } = subject;
    const key = await put(subject);
    await asMember(other, async (holder) => {
      const { change, since } = await revoke(store, key.id);
      const isRevoked = async () => (await other.findByDigest(key.digest))?.revokedAt === START;
      await until(isRevoked, 'reads see the change while it waits');
      await change.waits();
      const { total } = await feedOf(other).poll(holder);
      await feedOf(other).acknowledge(holder, total, LEASE_MS);
      const at = await change.resolves();
      const { maxLeaseMs } = await feedOf(other).readMembers();
      assert(at - since < maxLeaseMs * 1.25, 'it does not wait for the lease');
    });
  },

  'waits for a member that does not acknowledge, until its lease expires': async (subject) => {
    const { store, other } = subject;
    const { id } = await put(subject);
    await asMember(other, async (holder) => {
      const { maxLeaseMs } = await feedOf(other).readMembers();
      const { change, since } = await revoke(store, id);
      const ms = (await change.resolves(maxLeaseMs * 1.25 + SOON_MS)) - since;
      assert(ms >= maxLeaseMs * 1.25, `it waits for 1.25 leases, and not for ${ms} ms`);
      assertEqual(
        (await feedOf(other).poll(holder)).acked,
        undefined,
        'acked, of a member that is gone',
      );
    });
  },

  'waits even if the key is already revoked': async (subject) => {
    const { store, other } = subject;
    const { id } = await put(subject);
    await asMember(other, async (holder) => {
      const first = await revoke(store, id);
      await until(async () => (await other.find({ id }))?.revokedAt === START, 'it is revoked');
      const second = await revoke(other, id);
      await second.change.waits();
      await feedOf(other).leave(holder);
      await Promise.all([first.change.resolves(), second.change.resolves()]);
    });
  },

  'does not wait without a member': async (subject) => {
    const { store, other } = subject;
    await feedOf(other).register(LEASE_MS);
    const { id } = await put(subject);
    const { change, since } = await revoke(store, id);
    const { maxLeaseMs } = await feedOf(other).readMembers();
    assert((await change.resolves()) - since < maxLeaseMs, 'it does not wait for the lease');
  },
};

/** Runs `body` while a new holder is a member that has acknowledged all changes so far. */
async function asMember(store: KeyStore, body: (holder: string) => Promise<void>): Promise<void> {
  const holder = unique('holder');
  const feed = feedOf(store);
  await feed.register(LEASE_MS);
  await feed.acknowledge(holder, (await feed.poll(holder)).total, LEASE_MS);
  try {
    await body(holder);
  } finally {
    await feed.leave(holder);
  }
}

async function revoke(
  store: KeyStore,
  id: string,
): Promise<{ readonly change: RunningWork<ChangeOutcome<unknown>>; readonly since: number }> {
  const since = monotonicMs();
  const made = changesOf(store).make(revokeRule({ id }, trace()));
  return { change: new RunningWork('revoke', made), since };
}
