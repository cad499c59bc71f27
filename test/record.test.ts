import { type KeyRecord, type KeyState, keyState } from 'keywright';
import { describe, expect, it } from 'vitest';

const NOW = 1_750_000_000_000;
const key: KeyRecord = {
  id: 'key_1',
  name: 'Zapier production',
  owner: 'org_1',
  environment: 'live',
  hint: 'prn_live_4f8a',
  scopes: [],
  metadata: {},
  enabled: true,
  createdAt: 1,
  createdBy: { id: 'user_1' },
};

describe('keyState', () => {
  it.each<[KeyState, Partial<KeyRecord>]>([
    ['active', {}],
    ['active', { expiresAt: NOW + 1 }],
    ['expired', { expiresAt: NOW }],
    ['expired', { expiresAt: NOW - 1 }],
    ['expired', { expiresAt: 0 }],
    ['disabled', { enabled: false }],
    ['disabled', { enabled: false, expiresAt: NOW + 1 }],
    ['expired', { enabled: false, expiresAt: NOW }],
    ['revoked', { revokedAt: NOW }],
    ['revoked', { revokedAt: NOW + 1 }],
    ['revoked', { revokedAt: 0 }],
    ['revoked', { revokedAt: NOW, enabled: false, expiresAt: NOW }],
    ['active', { replacedBy: 'key_2', replacedAt: NOW - 1 }],
  ])('is %s for %o', (state, fields) => {
    expect(keyState({ ...key, ...fields }, NOW)).toBe(state);
  });
});
