import { storedKey, trace } from 'keywright/testing';
import { describe, expect, it, vi } from 'vitest';
import { createRule } from '../../src/rules/create.ts';
import type { ChangeRule } from '../../src/rules/rule.ts';
import { counted, renaming, rulesOn } from './support.ts';

describe('changes of one owner at once', () => {
  it('hold the owner at once as long as another process changes it too', async () => {
    const { base, store, commit, hold } = counted();
    const { put, changes } = rulesOn(store);
    const { changes: others } = rulesOn(base);
    const { id } = await put();
    vi.clearAllMocks();
    commit.mockImplementationOnce(async (change) => {
      await others.make(renaming(id, 'theirs'));
      return base.commit(change);
    });
    await Promise.all(['a', 'b', 'c'].map((name) => changes.make(renaming(id, name))));
    // The first loses its race, the second meets nobody, so the third needs no hold.
    expect([commit.mock.calls.length, hold.mock.calls.length]).toEqual([2, 2]);
  });

  it('runs changes of one owner one after another, without a lost race', async () => {
    const { store, commit, hold } = counted();
    const { put, changes, log } = rulesOn(store);
    const { id } = await put();
    vi.clearAllMocks();
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((name) => changes.make(renaming(id, name))));
    expect([commit.mock.calls.length, hold.mock.calls.length]).toEqual([4, 0]);
    expect((await log()).slice(1).map(({ change }) => change?.name)).toEqual(names);
  });

  it('continues after a change that failed', async () => {
    const { changes, put } = rulesOn();
    const { id } = await put();
    const failing: ChangeRule<never> = {
      query: { kind: 'owner', owner: 'org_1' },
      decide: () => Promise.reject(new Error('forbidden')),
    };
    const [failed, made] = await Promise.allSettled([
      changes.make(failing),
      changes.make(renaming(id, 'n')),
    ]);
    expect([failed.status, made.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('does not delay changes of another owner', async () => {
    const { changes } = rulesOn();
    const gate = Promise.withResolvers<void>();
    const slow: ChangeRule<string> = {
      query: { kind: 'owner', owner: 'org_1' },
      decide: () => gate.promise.then(() => ({ result: 'slow' })),
    };
    const waiting = changes.make(slow);
    await changes.make(createRule('org_2', () => storedKey({ owner: 'org_2' }), trace()));
    gate.resolve();
    expect((await waiting).result).toBe('slow');
  });
});
