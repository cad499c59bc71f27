import type { KeyChange, StoredKey } from 'keywright';
import { EMPTY_HEAD, type View } from 'keywright/store-kit';
import { storedKey, trace } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { createRule } from '../../src/rules/create.ts';
import { revokeAllRule, revokeRule } from '../../src/rules/revoke.ts';
import { narrows, updateRule } from '../../src/rules/update.ts';
import { upgradeDigestRule } from '../../src/rules/upgrade-digest.ts';
import { contentsOf, failureOf } from '../support.ts';
import { AT, rulesOn } from './support.ts';

const by = trace({ at: AT, actor: { id: 'user_7', name: 'Grace' }, reason: 'why' });

function viewOf(...keys: StoredKey[]): View {
  return { head: EMPTY_HEAD, keys, events: [] };
}

describe('createRule', () => {
  it('adds the key that is drawn, with one event, and purges nothing', async () => {
    const key = storedKey({ name: 'Zapier' });
    const { draft, awaitsCaches } = await createRule('org_1', () => key, by).decide(viewOf());
    const about = { action: 'key.created', owner: 'org_1', keyId: key.id, keyName: 'Zapier' };
    expect(draft).toEqual({ added: [key], events: [{ ...by, ...about }] });
    expect(awaitsCaches).toBeUndefined();
  });

  it('leaves an event without a reason where none is given', async () => {
    const { put, log } = rulesOn();
    await put();
    expect((await log())[0]).not.toHaveProperty('reason');
  });
});

describe('updateRule', () => {
  const before = storedKey({ name: 'before', scopes: ['a', 'b'], metadata: { plan: 'pro' } });

  it.each<[string, KeyChange, boolean]>([
    ['a name', { name: 'after' }, false],
    ['fewer scopes', { scopes: ['a'] }, true],
    ['other scopes', { scopes: ['a', 'c'] }, true],
    ['more scopes', { scopes: ['b', 'a', 'c'] }, false],
    ['other metadata', { metadata: { plan: 'free' } }, true],
    ['the same metadata', { metadata: { plan: 'pro' } }, false],
    ['being disabled', { enabled: false }, true],
    ['an expiry', { expiresAt: AT }, true],
    ['no expiry, as before', { expiresAt: null }, false],
    ['nothing', {}, false],
  ])('awaits caches where a request could fail by it: %s', async (_, change, awaits) => {
    const { draft, result, awaitsCaches } = await updateRule(before, change, by).decide(
      viewOf(before),
    );
    const { expiresAt = undefined, ...fields } = change;
    const after = { ...before, ...fields, ...(expiresAt && { expiresAt }) };
    expect(result).toEqual(after);
    const about = { action: 'key.updated', owner: 'org_1', keyId: before.id, keyName: 'before' };
    expect(draft).toEqual({
      changed: [{ before, after }],
      events: [{ ...by, ...about, change }],
      purged: [before.id],
    });
    expect(awaitsCaches).toBe(awaits);
  });

  it('tells an earlier expiry from a later one', () => {
    const [early, late] = [storedKey({ expiresAt: AT }), storedKey({ expiresAt: AT + 1 })];
    expect([narrows(late, early), narrows(early, late)]).toEqual([true, false]);
  });

  it('enables a key without waiting for caches', () => {
    const disabled = { ...before, enabled: false };
    expect(narrows(disabled, before)).toBe(false);
  });

  it('takes an expiry away', async () => {
    const { result } = await updateRule(before, { expiresAt: null }, by).decide(
      viewOf({ ...before, expiresAt: AT }),
    );
    expect(result).toEqual(before);
    expect(result).not.toHaveProperty('expiresAt');
  });

  it.each([AT, 0])('refuses a key that was revoked at %i', async (revokedAt) => {
    const { put, changes, store } = rulesOn();
    const { id } = await put({ revokedAt });
    const state = await contentsOf(store);
    for (const change of [{ name: 'n' }, { enabled: true }, { expiresAt: null }]) {
      const failure = await failureOf(() => changes.make(updateRule({ id }, change, by)));
      expect(failure).toMatchObject({ code: 'key_revoked' });
    }
    expect(await contentsOf(store)).toEqual(state);
  });

  it('refuses a key that is absent', async () => {
    const { put, changes } = rulesOn();
    const { id } = await put();
    for (const ref of [{ id: 'key_0' }, { id: 'key_0', owner: 'org_1' }, { id, owner: 'org_2' }]) {
      const failure = await failureOf(() => changes.make(updateRule(ref, { name: 'n' }, by)));
      expect(failure).toMatchObject({ code: 'key_not_found' });
    }
  });
});

describe('revokeRule', () => {
  it('revokes a key in any state, with one event', async () => {
    for (const state of [{}, { enabled: false }, { expiresAt: 1 }, { replacedBy: 'key_2' }]) {
      const key = storedKey(state);
      const { draft, result, awaitsCaches } = await revokeRule(key, by).decide(viewOf(key));
      const after = { ...key, revokedAt: AT };
      const about = { action: 'key.revoked', owner: 'org_1', keyId: key.id, keyName: key.name };
      expect(draft).toEqual({
        changed: [{ before: key, after }],
        events: [{ ...by, ...about }],
        purged: [key.id],
      });
      expect([result, awaitsCaches]).toEqual([after, true]);
    }
  });

  it('leaves a revoked key as it is, and awaits caches all the same', async () => {
    const key = storedKey({ revokedAt: 0 });
    const decision = await revokeRule(key, by).decide(viewOf(key));
    expect(decision).toEqual({ result: key, awaitsCaches: true });
  });

  it('refuses a key that is absent', async () => {
    const failure = await failureOf(() => revokeRule({ id: 'key_0' }, by).decide(viewOf()));
    expect(failure).toMatchObject({ code: 'key_not_found' });
  });
});

describe('revokeAllRule', () => {
  it('revokes all keys of the view, with one event each', async () => {
    const keys = [storedKey(), storedKey({ enabled: false })];
    const { draft, result, awaitsCaches } = await revokeAllRule('org_1', by).decide(
      viewOf(...keys),
    );
    expect([result, awaitsCaches]).toEqual([2, true]);
    expect(draft?.changed?.map(({ after }) => after.revokedAt)).toEqual([AT, AT]);
    expect(draft?.events?.map(({ keyId }) => keyId)).toEqual(keys.map(({ id }) => id));
    expect(draft?.purged).toEqual(keys.map(({ id }) => id));
  });

  it('writes nothing where there is no key, and awaits caches all the same', async () => {
    const decision = await revokeAllRule('org_1', by).decide(viewOf());
    expect(decision).toEqual({ result: 0, awaitsCaches: true });
  });

  it('is a change of many rows, of unrevoked keys', () => {
    const { query, isBulk } = revokeAllRule('org_1', by);
    expect([query, isBulk]).toEqual([{ kind: 'unrevoked', owner: 'org_1' }, true]);
  });
});

describe('upgradeDigestRule', () => {
  const key = storedKey();
  const { digest } = storedKey();

  it('replaces the digest without an event', async () => {
    const decision = await upgradeDigestRule(key.id, key.digest, digest).decide(viewOf(key));
    expect(decision).toEqual({
      result: true,
      draft: { changed: [{ before: key, after: { ...key, digest } }] },
    });
  });

  it.each<[string, boolean, StoredKey[], string, string]>([
    ['an absent key', false, [], key.digest, digest],
    ['another digest', false, [key], digest, key.digest],
    ['a digest in upper case', false, [key], key.digest.toUpperCase(), digest],
    ['the same digest', true, [key], key.digest, key.digest],
  ])('writes nothing for %s', async (_, result, keys, from, to) => {
    const decision = await upgradeDigestRule(key.id, from, to).decide(viewOf(...keys));
    expect(decision).toEqual({ result });
  });
});
