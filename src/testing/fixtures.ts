import { sha256Hex } from '../digest/sha256.ts';
import type { StoredKey } from '../record.ts';
import type { Attribution } from '../rules/attribution.ts';
import type { Successor } from '../rules/rotate.ts';
import { systemText } from '../token/random.ts';

/** 2026-01-01T00:00:00Z in epoch milliseconds, the time of fixtures and the start of the manual clock. */
export const START = 1_767_225_600_000;

/**
 * Returns a key as a store keeps it, with the required fields only. Each call draws a new id and digest.
 *
 * @example
 * ```ts
 * const key = storedKey({ owner: 'org_1', enabled: false });
 * console.log(key.id.startsWith('key_'), key.digest.length); // true 64
 * ```
 */
export function storedKey(overrides: Partial<StoredKey> = {}): StoredKey {
  return {
    ...randomFields(),
    name: 'Zapier production',
    owner: 'org_1',
    environment: 'live',
    scopes: [],
    metadata: {},
    enabled: true,
    createdAt: START,
    createdBy: { id: 'user_1' },
    ...overrides,
  };
}

/** Returns the new key of a rotation: only id, digest and hint. Each call draws new ones. */
export function successor(overrides: Partial<Successor> = {}): Successor {
  return { ...randomFields(), ...overrides };
}

/** Returns when and by whom a change is made: `user_1`, 2026-01-01 at midnight UTC, no reason. */
export function trace(overrides: Partial<Attribution> = {}): Attribution {
  return { at: START, actor: { id: 'user_1' }, ...overrides };
}

function randomFields(): Pick<StoredKey, 'id' | 'digest' | 'hint'> {
  const text = systemText(22);
  return { id: `key_${text}`, digest: sha256Hex(text), hint: `prn_live_${text.slice(0, 4)}` };
}
