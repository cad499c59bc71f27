import { createApiKeys, memoryStore, tokenFormat } from 'keywright';
import { storedKey, successor, trace } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { Changes } from '../../src/rules/changes.ts';
import { createRule } from '../../src/rules/create.ts';

describe('fixtures', () => {
  it('returns a key with the required fields alone, and a new id and digest each time', () => {
    const { id, digest, ...fields } = storedKey();
    expect(id).toMatch(/^key_[0-9A-Za-z]{22}$/);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(fields).toEqual({
      hint: expect.stringMatching(/^prn_live_[0-9A-Za-z]{4}$/),
      ...{ name: 'Zapier production', owner: 'org_1', environment: 'live' },
      ...{ scopes: [], metadata: {}, enabled: true },
      ...{ createdAt: Date.UTC(2026, 0, 1), createdBy: { id: 'user_1' } },
    });
    const another = storedKey();
    expect([another.id, another.digest]).not.toContain(id);
    expect(another.digest).not.toBe(digest);
  });

  it('returns a successor and an attribution without optional fields', () => {
    expect(Object.keys(successor()).sort()).toEqual(['digest', 'hint', 'id']);
    expect(trace()).toEqual({ at: Date.UTC(2026, 0, 1), actor: { id: 'user_1' } });
  });

  it('accepts other values for any field', () => {
    expect(storedKey({ name: 'n', expiresAt: 1 })).toMatchObject({ name: 'n', expiresAt: 1 });
    expect(successor({ graceEndsAt: 1 })).toMatchObject({ graceEndsAt: 1 });
    expect(trace({ reason: 'why' })).toMatchObject({ reason: 'why' });
  });

  it('returns a key like one of a service', async () => {
    const store = memoryStore();
    const key = storedKey({ scopes: ['a'] });
    await new Changes(store).make(createRule(key.owner, () => key, trace()));
    const format = tokenFormat({ brand: 'prn', environments: ['live'] });
    const { digest: _, ...record } = key;
    expect(await createApiKeys({ format, store }).get(key.id)).toEqual(record);
  });
});
