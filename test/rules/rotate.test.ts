import type { StoredKey } from 'keywright';
import { EMPTY_HEAD } from 'keywright/store-kit';
import { storedKey, successor, trace } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { rotateRule, type Successor } from '../../src/rules/rotate.ts';
import { failureOf } from '../support.ts';
import { AT } from './support.ts';

const actor = { id: 'user_5', name: 'Alan' };
const LATER = AT + 5000;

/** What the rule makes of a key, and of the successor that it may have already. */
function rotate(key: StoredKey, terms: Partial<Successor> = {}, earlier?: StoredKey) {
  const next = successor(terms);
  const rule = rotateRule({ id: key.id }, () => next, trace({ at: AT, actor, reason: 'yearly' }));
  const keys = earlier ? [key, earlier] : [key];
  return { next, decide: async () => rule.decide({ head: EMPTY_HEAD, keys, events: [] }) };
}

async function resultOf(...given: Parameters<typeof rotate>) {
  return (await rotate(...given).decide()).result;
}

async function codeOf(...given: Parameters<typeof rotate>) {
  const failure = await failureOf(rotate(...given).decide);
  return (failure as { code?: unknown }).code;
}

describe('a rotation', () => {
  it('adds a successor that copies its predecessor, and links the two', async () => {
    const key = storedKey({
      ...{ environment: 'test', name: 'Zapier', scopes: ['b', 'a'], metadata: { plan: 'pro' } },
      ...{ enabled: false, lastUsedAt: AT, replaces: 'key_before' },
    });
    const { next, decide } = rotate(key);
    const { result, draft, awaitsCaches } = await decide();
    const { owner, environment, name, scopes, metadata, enabled } = key;
    const added = {
      ...next,
      ...{ owner, environment, name, scopes, metadata, enabled },
      ...{ createdAt: AT, createdBy: actor, replaces: key.id },
    };
    const replaced = { ...key, replacedBy: next.id, replacedAt: AT };
    expect(result).toEqual({ key: added, replaced });
    expect(draft).toEqual({
      added: [added],
      changed: [{ before: key, after: replaced }],
      events: [
        {
          ...{ action: 'key.rotated', at: AT, owner, actor, reason: 'yearly' },
          ...{ keyId: key.id, keyName: name, successorId: next.id },
        },
      ],
      purged: [key.id],
    });
    expect(awaitsCaches).toBeUndefined();
  });

  it.each<[string, Partial<StoredKey>, Partial<Successor>, (number | undefined)[]]>([
    ['the expiry is copied', { expiresAt: LATER }, {}, [LATER, LATER]],
    ['an expiry about to come is copied', { expiresAt: AT + 1 }, {}, [AT + 1, AT + 1]],
    ['the successor has its own', { expiresAt: LATER }, { expiresAt: AT + 9 }, [AT + 9, LATER]],
    ['the successor has none', { expiresAt: LATER }, { expiresAt: null }, [undefined, LATER]],
    ['none becomes one', {}, { expiresAt: AT + 9 }, [AT + 9, undefined]],
    ['none stays none', {}, { expiresAt: null }, [undefined, undefined]],
    ['a grace ends the predecessor', {}, { graceEndsAt: AT + 5 }, [undefined, AT + 5]],
    ['a grace of nothing ends it at once', {}, { graceEndsAt: AT }, [undefined, AT]],
    ['a grace is not copied', { expiresAt: LATER }, { graceEndsAt: AT + 5 }, [LATER, AT + 5]],
    ['an earlier expiry stays', { expiresAt: AT + 1 }, { graceEndsAt: LATER }, [AT + 1, AT + 1]],
    ['an expired key with an expiry', { expiresAt: AT }, { expiresAt: LATER }, [LATER, AT]],
    ['an expired key with none', { expiresAt: AT }, { expiresAt: null }, [undefined, AT]],
  ])('sets both expiries: %s', async (_, fields, terms, [added, replaced]) => {
    const result = await resultOf(storedKey(fields), terms);
    expect([result.key.expiresAt, result.replaced.expiresAt]).toEqual([added, replaced]);
    if (added === undefined) expect(result.key).not.toHaveProperty('expiresAt');
    if (replaced === undefined) expect(result.replaced).not.toHaveProperty('expiresAt');
    expect(result.key).not.toHaveProperty('graceEndsAt');
  });

  it('tells the end of the grace in its event', async () => {
    const { draft } = await rotate(storedKey(), { graceEndsAt: AT + 5 }).decide();
    expect(draft?.events?.[0]).toMatchObject({ graceEndsAt: AT + 5 });
  });

  it('refuses an absent key', async () => {
    const rule = rotateRule({ id: 'key_0' }, () => successor(), trace());
    const view = { head: EMPTY_HEAD, keys: [], events: [] };
    expect(await failureOf(() => rule.decide(view))).toMatchObject({ code: 'key_not_found' });
  });

  it('refuses a revoked key, whatever the terms', async () => {
    for (const terms of [{}, { expiresAt: null }, { graceEndsAt: LATER }]) {
      expect(await codeOf(storedKey({ revokedAt: 0 }), terms)).toBe('key_revoked');
    }
  });

  it('refuses an expired key where the successor would copy the expiry', async () => {
    expect(await codeOf(storedKey({ expiresAt: AT }))).toBe('key_expired');
    const inGrace = { graceEndsAt: LATER };
    expect(await codeOf(storedKey({ expiresAt: AT - 1 }), inGrace)).toBe('key_expired');
  });
});

describe('a rotation of a key that was rotated', () => {
  const linked = (fields: Partial<StoredKey> = {}) =>
    storedKey({ replacedBy: 'key_2', replacedAt: AT - 9, ...fields });
  const earlier = (fields: Partial<StoredKey> = {}) => storedKey({ id: 'key_2', ...fields });

  it.each<[string, Partial<StoredKey>]>([
    ['active', {}],
    ['about to expire', { expiresAt: AT + 1 }],
    ['disabled', { enabled: false }],
  ])('is refused while the successor is %s', async (_, fields) => {
    for (const terms of [{}, { expiresAt: null }]) {
      expect(await codeOf(linked(), terms, earlier(fields))).toBe('key_replaced');
    }
  });

  it('replaces a revoked successor', async () => {
    const result = await resultOf(linked(), {}, earlier({ revokedAt: AT }));
    expect(result.replaced).toMatchObject({ replacedBy: result.key.id, replacedAt: AT });
  });

  it.each<[string, Partial<StoredKey>, number | undefined]>([
    ['none', {}, undefined],
    ['an expiry', { expiresAt: LATER }, LATER],
  ])('copies the expiry of the revoked successor, not the grace: %s', async (_, fields, end) => {
    const key = linked({ expiresAt: AT + 5 });
    const result = await resultOf(key, {}, earlier({ revokedAt: AT, ...fields }));
    expect([result.key.expiresAt, result.replaced.expiresAt]).toEqual([end, AT + 5]);
  });

  it('copies the expiry of the key where the revoked successor has expired', async () => {
    const gone = earlier({ revokedAt: AT, expiresAt: AT });
    expect(await codeOf(linked({ expiresAt: LATER }), {}, gone)).toBe('key_expired');
    const result = await resultOf(linked({ expiresAt: LATER }), { expiresAt: AT + 9 }, gone);
    expect(result.key.expiresAt).toBe(AT + 9);
  });

  it('replaces an expired successor of a key without expiry', async () => {
    const result = await resultOf(linked(), {}, earlier({ expiresAt: AT }));
    expect(result.key).not.toHaveProperty('expiresAt');
  });
});
