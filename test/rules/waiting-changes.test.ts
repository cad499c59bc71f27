import { memoryStore } from 'keywright';
import type { ChangeFeed } from 'keywright/store-kit';
import { storedKey, trace } from 'keywright/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Changes } from '../../src/rules/changes.ts';
import { createRule } from '../../src/rules/create.ts';
import { revokeAllRule, revokeRule } from '../../src/rules/revoke.ts';
import { updateRule } from '../../src/rules/update.ts';
import { durationOf } from './fake-time.ts';
import { AT, rulesOn } from './support.ts';

const LEASE_MS = 1000;
/** 1.25 leases. */
const WAIT_MS = 1250;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a change on a store that a cache stands before', () => {
  /** A store with a key, a member that acknowledges nothing, and the feed's reads counted. */
  async function cached() {
    const store = memoryStore();
    const feed = store.changes as ChangeFeed;
    const { changes, put } = rulesOn(store);
    const key = await put();
    await feed.register(LEASE_MS);
    await feed.acknowledge('one', 0, LEASE_MS);
    return { changes, feed, key, readMembers: vi.spyOn(feed, 'readMembers'), store };
  }

  it('waits where a request could fail by it', async () => {
    const { changes, key } = await cached();
    const made = changes.make(revokeRule({ id: key.id }, trace()));
    expect(await durationOf(made)).toBeGreaterThanOrEqual(WAIT_MS);
    expect((await made).effect).toEqual({ effectiveAt: AT, acknowledged: 0, timedOut: 1 });
  });

  it('waits though another process has made it before', async () => {
    const { key, store, feed, changes } = await cached();
    await new Changes(store).make(revokeRule({ id: key.id }, trace()), { wait: 'commit' });
    for (const rule of [revokeRule({ id: key.id }, trace()), revokeAllRule('org_1', trace())]) {
      await feed.acknowledge('one', 0, LEASE_MS);
      expect(await durationOf(changes.make<unknown>(rule))).toBeGreaterThanOrEqual(WAIT_MS);
    }
  });

  it('does not wait where it only adds a key, or widens one', async () => {
    const { changes, key, readMembers } = await cached();
    await changes.make(createRule('org_1', () => storedKey(), trace()));
    const wider = updateRule({ id: key.id }, { scopes: ['read'] }, trace());
    const { effect } = await changes.make(wider);
    expect(effect).toEqual({ effectiveBy: AT + WAIT_MS, acknowledged: 0, timedOut: 0 });
    expect(readMembers).not.toHaveBeenCalled();
  });

  it('does not wait where the caller does not', async () => {
    const { changes, key, readMembers } = await cached();
    const rule = revokeRule({ id: key.id }, trace());
    const { effect } = await changes.make(rule, { wait: 'commit' });
    expect(effect).toEqual({ effectiveBy: AT + WAIT_MS, acknowledged: 0, timedOut: 0 });
    expect(readMembers).not.toHaveBeenCalled();
  });

  it('holds at once on a store without a feed', async () => {
    const { changes: _, ...store } = memoryStore();
    const { changes, put } = rulesOn(store);
    const { id } = await put();
    const { effect } = await changes.make(revokeRule({ id }, trace()));
    expect(effect).toEqual({ effectiveAt: AT, acknowledged: 0, timedOut: 0 });
  });
});
