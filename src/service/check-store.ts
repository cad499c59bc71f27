import { invalid } from '../errors.ts';
import type { KeyStore } from '../store.ts';
import type { StoreFinding } from '../store-finding.ts';

const NOT_INSPECTED: StoreFinding = {
  code: 'not_inspected',
  severity: 'warn',
  message: 'the store has no inspect(), so its settings were not checked',
  remedy: 'check the settings of its database yourself: see docs/guide/engines.md',
};

/**
 * Reads the settings of a store's database that the promises depend on, for a health page or a check
 * before a deployment. Changes nothing.
 *
 * @returns the settings that break a promise (`refuse`) or may break one (`warn`); empty if none does
 * @throws KeywrightError `invalid_argument` if `store` is not an object, `store_unavailable` if the
 * database cannot be reached
 *
 * @example
 * ```ts
 * for (const { severity, message, remedy } of await checkStore(store)) {
 *   console.warn(`${severity}: ${message}; ${remedy}`);
 * }
 * ```
 */
export async function checkStore(store: KeyStore): Promise<readonly StoreFinding[]> {
  if (typeof store !== 'object' || store === null)
    throw invalid('store', 'must be a KeyStore, such as memoryStore()');
  return store.inspect === undefined ? [NOT_INSPECTED] : store.inspect();
}
