import { sha256Hex } from '../digest/sha256.ts';
import type { StoredKey } from '../record.ts';
import type { Successor, Trace } from '../store.ts';
import { systemText } from '../token/random.ts';

/** 2026-01-01T00:00:00Z in epoch milliseconds: when fixtures and the manual clock begin. */
export const START = 1_767_225_600_000;

/**
 * A key as a store keeps it, with the required fields alone. Id and digest are drawn anew each time.
 *
 * @example
 * ```ts
 * await store.create(storedKey({ owner: 'org_1', enabled: false }), trace());
 * ```
 */
export function storedKey(overrides: Partial<StoredKey> = {}): StoredKey {
  return {
    ...drawn(),
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

/** The new key of a rotation: id, digest and hint alone, drawn anew each time. */
export function successor(overrides: Partial<Successor> = {}): Successor {
  return { ...drawn(), ...overrides };
}

/** Who does something, and when: `user_1` on 2026-01-01 at midnight UTC, for no reason. */
export function trace(overrides: Partial<Trace> = {}): Trace {
  return { at: START, actor: { id: 'user_1' }, ...overrides };
}

function drawn(): Pick<StoredKey, 'id' | 'digest' | 'hint'> {
  const text = systemText(22);
  return { id: `key_${text}`, digest: sha256Hex(text), hint: `prn_live_${text.slice(0, 4)}` };
}
