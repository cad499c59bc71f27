import { type KeyStore, KeywrightError, memoryStore } from 'keywright';
import type { ChangeScope, CommitResult } from 'keywright/store-kit';
import { storedKey, trace } from 'keywright/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRule } from '../../src/rules/create.ts';
import { revokeAllRule, revokeRule } from '../../src/rules/revoke.ts';
import { contentsOf, failureOf } from '../support.ts';
import { AT, counted, renaming, rulesOn } from './support.ts';

const creation = (owner = 'org_1') => createRule(owner, () => storedKey({ owner }), trace());
const contended = () => new KeywrightError('change_contended', 'held by another');
const effect = { effectiveAt: AT, acknowledged: 0, timedOut: 0 };

describe('a change', () => {
  it('resolves with what its rule came to, and since when it holds', async () => {
    const { changes } = rulesOn();
    const key = storedKey();
    const made = await changes.make(createRule('org_1', () => key, trace()));
    expect(made).toEqual({ result: key, effect });
  });

  it('reads once and commits once', async () => {
    const { store, view, commit, hold } = counted();
    const { put, changes } = rulesOn(store);
    const { id } = await put();
    vi.clearAllMocks();
    await changes.make(renaming(id, 'n'));
    expect([view, commit, hold].map((spy) => spy.mock.calls.length)).toEqual([1, 1, 0]);
  });

  it('commits nothing where its rule drafts nothing', async () => {
    const { store, commit } = counted();
    const { put, changes } = rulesOn(store);
    const key = await put({ revokedAt: 1 });
    vi.clearAllMocks();
    expect((await changes.make(revokeRule({ id: key.id }, trace()))).result).toEqual(key);
    expect(commit).not.toHaveBeenCalled();
  });

  it('rejects with what its rule throws', async () => {
    const { changes, store } = rulesOn();
    const failure = await failureOf(() => changes.make(renaming('key_0', 'n')));
    expect(failure).toMatchObject({ code: 'key_not_found' });
    expect(await contentsOf(store)).toEqual({ keys: [], events: [] });
  });

  it('counts a view that is not answered as a store that failed', async () => {
    const { store } = counted({ view: () => new Promise(() => {}) });
    const { changes } = rulesOn(store, { viewTimeoutMs: 10 });
    for (const rule of [creation(), renaming('key_0', 'n')]) {
      const failure = await failureOf(() => changes.make<unknown>(rule));
      expect(failure).toMatchObject({ code: 'store_unavailable' });
    }
  });

  it('rejects at once where the store does, with its error as the cause', async () => {
    const failure = new Error('connection reset');
    const { store, commit } = counted({ commit: () => Promise.reject(failure) });
    const { changes } = rulesOn(store);
    expect(await failureOf(() => changes.make(creation()))).toMatchObject({
      code: 'store_unavailable',
      indeterminate: false,
      cause: failure,
    });
    expect(commit).toHaveBeenCalledTimes(1);
  });

  it('draws three times where a digest is taken, on one view', async () => {
    const { store, view, commit } = counted({ commit: async () => ({ status: 'digest_taken' }) });
    const { changes } = rulesOn(store);
    const failure = await failureOf(() => changes.make(creation()));
    expect(failure).toMatchObject({ code: 'digest_taken' });
    expect([view.mock.calls.length, commit.mock.calls.length]).toEqual([1, 3]);
  });
});

describe('a creation', () => {
  it('reads no head that the process has seen', async () => {
    const { store, view, commit } = counted();
    const { put } = rulesOn(store);
    for (let i = 0; i < 3; i++) await put();
    expect([view.mock.calls.length, commit.mock.calls.length]).toEqual([1, 3]);
  });

  it('takes the head that a stale commit read', async () => {
    const { base, store, view, commit, hold } = counted();
    const { put, log } = rulesOn(store);
    await put();
    await rulesOn(base).put();
    await put();
    expect([view, commit, hold].map((spy) => spy.mock.calls.length)).toEqual([1, 3, 0]);
    expect(await log()).toHaveLength(3);
  });

  it('reads the head where a stale commit did not', async () => {
    const { base, store, view } = counted();
    const { put, log } = rulesOn({
      ...store,
      commit: async (change) => {
        const { head: _, ...result } = (await base.commit(change)) as CommitResult & {
          head?: never;
        };
        return result as CommitResult;
      },
    });
    await put();
    await rulesOn(base).put();
    await put();
    expect(view).toHaveBeenCalledTimes(2);
    expect(await log()).toHaveLength(3);
  });

  it('forgets the head after a failure', async () => {
    const { store, view, commit } = counted();
    const { put } = rulesOn(store);
    await put();
    commit.mockRejectedValueOnce(new Error('connection reset'));
    await failureOf(() => put());
    await put();
    expect(view).toHaveBeenCalledTimes(2);
  });
});

describe('a lost race', () => {
  const lost = { status: 'stale' } as const;
  const losing: ChangeScope = { ...memoryStore(), commit: async () => lost };

  it('is decided again while the store holds the owner', async () => {
    const { store, commit, hold } = counted();
    const { put, changes } = rulesOn(store);
    const { id } = await put();
    commit.mockResolvedValueOnce(lost);
    const { result } = await changes.make(renaming(id, 'n'));
    expect(result.name).toBe('n');
    expect(hold).toHaveBeenCalledTimes(1);
    expect(hold.mock.calls[0]?.[0]).toBe('org_1');
  });

  it('is decided again on a new view without a hold', async () => {
    const { base } = counted();
    const commit = vi.fn(base.commit).mockResolvedValueOnce(lost).mockResolvedValueOnce(lost);
    const view = vi.fn(base.view);
    const { changes } = rulesOn({ ...base, view, commit });
    const { id } = await rulesOn(base).put();
    expect((await changes.make(renaming(id, 'n'))).result.name).toBe('n');
    expect([view.mock.calls.length, commit.mock.calls.length]).toEqual([3, 3]);
  });

  it('is tried again where the hold is contended', async () => {
    const { store, commit, hold } = counted();
    const { put, changes } = rulesOn(store);
    const { id } = await put();
    commit.mockResolvedValueOnce(lost);
    hold.mockRejectedValueOnce(contended()).mockRejectedValueOnce(contended());
    expect((await changes.make(renaming(id, 'n'))).result.name).toBe('n');
    expect(hold).toHaveBeenCalledTimes(3);
  });

  it('is not tried again where the hold fails', async () => {
    const failure = new Error('connection reset');
    const { store, commit, hold } = counted();
    const { put, changes } = rulesOn(store);
    const { id } = await put();
    commit.mockResolvedValueOnce(lost);
    hold.mockRejectedValueOnce(failure);
    const error = await failureOf(() => changes.make(renaming(id, 'n')));
    expect(error).toMatchObject({
      code: 'store_unavailable',
      indeterminate: false,
      cause: failure,
    });
  });

  describe('that is lost again and again', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });

    afterEach(() => {
      vi.useRealTimers();
    });

    it.each<[string, Partial<KeyStore>]>([
      ['by its commits', { commit: async () => lost, hold: (_, work) => work(losing) }],
      ['by its holds', { commit: async () => lost, hold: () => Promise.reject(contended()) }],
    ])('rejects after five seconds: %s', async (_, overrides) => {
      const { store } = counted(overrides);
      const { changes } = rulesOn(store);
      const failing = failureOf(() => changes.make(creation()));
      await vi.advanceTimersByTimeAsync(6000);
      expect(await failing).toMatchObject({ code: 'change_contended' });
    });
  });
});

describe('a change of many rows', () => {
  it('is decided while the store holds the owner', async () => {
    const { store, view, commit, hold } = counted();
    const { put, changes } = rulesOn(store);
    await put();
    vi.clearAllMocks();
    expect((await changes.make(revokeAllRule('org_1', trace()))).result).toBe(1);
    expect([view, commit, hold].map((spy) => spy.mock.calls.length)).toEqual([0, 0, 1]);
  });

  it('allows more time to read a change of many rows', async () => {
    const base = memoryStore();
    const view: KeyStore['view'] = async (query) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return base.view(query);
    };
    const { changes } = rulesOn({ ...base, view }, { viewTimeoutMs: 5 });
    expect((await changes.make(revokeAllRule('org_1', trace()))).result).toBe(0);
  });
});
