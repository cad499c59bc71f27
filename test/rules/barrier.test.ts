import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Barrier } from '../../src/rules/barrier.ts';
import { MemoryFeed } from '../../src/stores/memory/feed.ts';
import { failureOf } from '../support.ts';
import { durationOf } from './fake-time.ts';
import { AT } from './support.ts';

const LEASE_MS = 1000;
/** 1.25 leases. */
const WAIT_MS = 1250;
const FOREVER = Number.POSITIVE_INFINITY;
const clock = { now: () => AT };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A barrier over a feed that has counted one change, and what it reads and tells. */
async function watched(...holders: string[]) {
  const feed = new MemoryFeed();
  await feed.register(LEASE_MS);
  for (const holder of holders) await feed.acknowledge(holder, 0);
  feed.raise(['key_1']);
  const spies = {
    readMembers: vi.spyOn(feed, 'readMembers'),
    hint: vi.spyOn(feed, 'hint'),
    prune: vi.spyOn(feed, 'prune'),
    settle: vi.spyOn(feed, 'settle'),
  };
  return { feed, ...spies, barrier: new Barrier(feed, clock) };
}

describe('the barrier', () => {
  it('costs nothing where no cache was ever there', async () => {
    const { barrier, readMembers, hint } = await watched();
    expect(await barrier.pass(0, FOREVER)).toEqual({
      effectiveAt: AT,
      acknowledged: 0,
      timedOut: 0,
    });
    expect([readMembers.mock.calls, hint.mock.calls]).toEqual([[], []]);
  });

  it('ends at once where there is no member', async () => {
    const { barrier, hint } = await watched();
    const passing = barrier.pass(LEASE_MS, FOREVER);
    expect(await passing).toEqual({ effectiveAt: AT, acknowledged: 0, timedOut: 0 });
    expect(hint).toHaveBeenCalledTimes(1);
  });

  it('waits until every member has acknowledged', async () => {
    const { barrier, feed } = await watched('one', 'two');
    const passing = barrier.pass(LEASE_MS, FOREVER);
    setTimeout(() => void feed.acknowledge('one', 1), 100);
    setTimeout(() => void feed.acknowledge('two', 1), 200);
    const ms = await durationOf(passing);
    expect(ms).toBeGreaterThanOrEqual(200);
    expect(ms).toBeLessThan(300);
    expect(await passing).toEqual({ effectiveAt: AT, acknowledged: 2, timedOut: 0 });
  });

  it('does not wait for a member that leaves', async () => {
    const { barrier, feed } = await watched('one');
    const passing = barrier.pass(LEASE_MS, FOREVER);
    setTimeout(() => void feed.leave('one'), 100);
    expect(await durationOf(passing)).toBeLessThan(200);
  });

  it('waits for 1.25 leases where one does not, and prunes it (R12, R14)', async () => {
    const { barrier, feed, prune } = await watched('one', 'two');
    await feed.acknowledge('two', 1);
    const passing = barrier.pass(LEASE_MS, FOREVER);
    const ms = await durationOf(passing);
    expect(ms).toBeGreaterThanOrEqual(WAIT_MS);
    expect(ms).toBeLessThan(WAIT_MS + 20);
    expect(await passing).toEqual({ effectiveAt: AT, acknowledged: 1, timedOut: 1 });
    expect(prune.mock.calls).toEqual([[['one'], 1]]);
    expect((await feed.readMembers()).members).toEqual([{ holder: 'two', acked: 1 }]);
  });

  it('never prunes the member that stands for all others', async () => {
    const { barrier, prune } = await watched('*');
    expect(await durationOf(barrier.pass(LEASE_MS, FOREVER))).toBeGreaterThanOrEqual(WAIT_MS);
    expect(prune.mock.calls).toEqual([[[], 1]]);
  });

  it('waits from the answer on, and not from the commit (R11)', async () => {
    const { barrier, feed, readMembers } = await watched('one');
    const read = await feed.readMembers();
    readMembers.mockImplementationOnce(
      () => new Promise((resolve) => setTimeout(() => resolve(read), 500)),
    );
    expect(await durationOf(barrier.pass(LEASE_MS, FOREVER))).toBeGreaterThanOrEqual(500 + WAIT_MS);
  });

  it('goes by the clock alone where the members cannot be read again', async () => {
    const { barrier, feed, readMembers, prune } = await watched('one');
    const read = await feed.readMembers();
    readMembers.mockResolvedValueOnce(read).mockRejectedValue(new Error('connection reset'));
    prune.mockRejectedValue(new Error('connection reset'));
    const ms = await durationOf(barrier.pass(LEASE_MS, FOREVER));
    expect(ms).toBeGreaterThanOrEqual(WAIT_MS);
    expect(ms).toBeLessThan(WAIT_MS + 20);
  });

  it('goes by the clock alone where the store no longer answers', async () => {
    const { barrier, feed, readMembers, prune } = await watched('one');
    const read = await feed.readMembers();
    readMembers.mockResolvedValueOnce(read).mockReturnValue(new Promise(() => {}));
    prune.mockReturnValue(new Promise(() => {}));
    const ms = await durationOf(barrier.pass(LEASE_MS, FOREVER));
    expect(ms).toBeGreaterThanOrEqual(WAIT_MS);
    expect(ms).toBeLessThan(WAIT_MS + 1000 + 20);
  });

  it('goes by the lease of the commit where the members cannot be read at all', async () => {
    const { barrier, readMembers } = await watched('one');
    readMembers.mockRejectedValue(new Error('connection reset'));
    const passing = barrier.pass(LEASE_MS, FOREVER);
    expect(await durationOf(passing)).toBeGreaterThanOrEqual(WAIT_MS);
    expect(await passing).toEqual({ effectiveAt: AT, acknowledged: 0, timedOut: 0 });
  });

  it('goes by the lease of the commit where the members are not answered', async () => {
    const { barrier, readMembers } = await watched('one');
    readMembers.mockReturnValue(new Promise(() => {}));
    const ms = await durationOf(barrier.pass(LEASE_MS, FOREVER));
    expect(ms).toBeGreaterThanOrEqual(WAIT_MS);
    expect(ms).toBeLessThanOrEqual(5000 + WAIT_MS);
  });

  it('notices an acknowledgement after at most a quarter of the wait, and 1 ms', async () => {
    const { barrier, feed } = await watched('one');
    for (const [total, afterMs] of [
      [1, 8],
      [2, 40],
      [3, 100],
    ] as const) {
      const passing = barrier.pass(LEASE_MS, FOREVER);
      setTimeout(() => void feed.acknowledge('one', total), afterMs);
      let isOver = false;
      void passing.then(() => {
        isOver = true;
      });
      await vi.advanceTimersByTimeAsync(Math.ceil(afterMs * 1.25) + 1);
      expect(isOver).toBe(true);
      feed.raise([`key_${total}`]);
    }
  });

  it('reads the members once at a time, however many changes wait', async () => {
    const { barrier, feed, readMembers } = await watched('one');
    let [open, most] = [0, 0];
    readMembers.mockImplementation(async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open--;
      return MemoryFeed.prototype.readMembers.call(feed);
    });
    const passing: Promise<unknown>[] = [];
    for (let i = 0; i < 16; i++) {
      passing.push(barrier.pass(LEASE_MS, FOREVER));
      await vi.advanceTimersByTimeAsync(3);
    }
    await feed.acknowledge('one', 1);
    await durationOf(Promise.all(passing));
    expect(most).toBe(1);
  });

  it('rejects where neither is known', async () => {
    const failure = new Error('connection reset');
    const { barrier, readMembers } = await watched('one');
    readMembers.mockRejectedValue(failure);
    expect(await failureOf(() => barrier.pass(undefined, FOREVER))).toMatchObject({
      ...{ code: 'store_unavailable', indeterminate: false, cause: failure },
    });
  });

  it('gives up a first read that hangs, and goes by the lease of the commit', async () => {
    const { barrier, readMembers } = await watched('one');
    readMembers.mockReturnValueOnce(new Promise(() => {}));
    const first = barrier.pass(LEASE_MS, FOREVER);
    const ms = await durationOf(first);
    expect(ms).toBeGreaterThanOrEqual(2000 + WAIT_MS);
    expect(ms).toBeLessThan(2000 + WAIT_MS + 20);
    expect(await first).toEqual({ effectiveAt: AT, acknowledged: 0, timedOut: 0 });
  });

  it('rejects after a first read that hangs where no lease is known', async () => {
    const { barrier, readMembers } = await watched('one');
    readMembers.mockReturnValue(new Promise(() => {}));
    const failed = failureOf(() => barrier.pass(undefined, FOREVER));
    expect(await durationOf(failed)).toBeLessThan(2000 + 20);
    expect(await failed).toMatchObject({ code: 'store_unavailable', indeterminate: false });
  });

  it('resolves though noting a settled epoch hangs (R13)', async () => {
    const { barrier, feed, readMembers, settle } = await watched();
    const read = { ...(await feed.readMembers()), epoch: 'new', settled: 'old' };
    readMembers.mockResolvedValueOnce(read);
    settle.mockReturnValueOnce(new Promise(() => {}));
    expect(await durationOf(barrier.pass(LEASE_MS, FOREVER))).toBeLessThan(WAIT_MS + 1000 + 20);
  });

  it('waits once for every lease of an epoch before, and notes that (R13)', async () => {
    const { barrier, feed, readMembers, settle } = await watched();
    const read = { ...(await feed.readMembers()), epoch: 'new', settled: 'old' };
    readMembers.mockResolvedValueOnce(read);
    expect(await durationOf(barrier.pass(LEASE_MS, FOREVER))).toBeGreaterThanOrEqual(WAIT_MS);
    expect(settle.mock.calls).toEqual([['new']]);
    expect(await durationOf(barrier.pass(LEASE_MS, FOREVER))).toBeLessThan(20);
  });

  it('is one round for changes that have committed before it reads the members', async () => {
    const { barrier, feed, readMembers } = await watched('one');
    const first = [barrier.pass(LEASE_MS, FOREVER), barrier.pass(LEASE_MS, FOREVER)];
    await vi.advanceTimersByTimeAsync(0);
    const begun = readMembers.mock.calls.length;
    expect(begun).toBe(1);
    feed.raise(['key_2']);
    const later = barrier.pass(LEASE_MS, FOREVER);
    await feed.acknowledge('one', 1);
    await vi.advanceTimersByTimeAsync(50);
    await Promise.all(first);
    const outcome = vi.fn();
    void later.then(outcome);
    await vi.advanceTimersByTimeAsync(100);
    expect(outcome).not.toHaveBeenCalled();
    await feed.acknowledge('one', 2);
    await vi.advanceTimersByTimeAsync(50);
    expect(outcome).toHaveBeenCalled();
  });

  it('only tells caches where it is not waited for', async () => {
    const { barrier, readMembers, hint } = await watched('one');
    expect(await barrier.pass(LEASE_MS, 0)).toEqual({
      effectiveBy: AT + WAIT_MS,
      acknowledged: 0,
      timedOut: 0,
    });
    expect(readMembers).not.toHaveBeenCalled();
    expect(hint).toHaveBeenCalledTimes(1);
  });

  it('waits no longer than it is told to, and says by when the change holds', async () => {
    const { barrier, readMembers } = await watched('one');
    const passing = barrier.pass(LEASE_MS, 500);
    expect(await durationOf(passing)).toBeLessThanOrEqual(505);
    expect(await passing).toEqual({
      effectiveBy: AT + WAIT_MS - 500,
      acknowledged: 0,
      timedOut: 0,
    });
    expect(readMembers).toHaveBeenCalled();
  });

  it('resolves as soon as every member has acknowledged, within the time it may wait', async () => {
    const { barrier, feed } = await watched('one');
    const passing = barrier.pass(LEASE_MS, 500);
    setTimeout(() => void feed.acknowledge('one', 1), 100);
    expect(await durationOf(passing)).toBeLessThan(150);
    expect(await passing).toEqual({ effectiveAt: AT, acknowledged: 1, timedOut: 0 });
  });

  it('asks the store how long leases are where another process has made the change', async () => {
    const { barrier } = await watched('one');
    expect(await barrier.pass(undefined, 0)).toMatchObject({ effectiveBy: AT + WAIT_MS });
  });

  it('needs no hint', async () => {
    const { barrier, hint } = await watched();
    hint.mockRejectedValue(new Error('connection reset'));
    expect((await barrier.pass(LEASE_MS, FOREVER)).effectiveAt).toBe(AT);
  });
});
