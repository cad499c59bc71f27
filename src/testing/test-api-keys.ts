import type { KeyRecord } from '../record.ts';
import { createApiKeys } from '../service/api-keys.ts';
import type { ApiKeys } from '../service/contract.ts';
import type { NewKey } from '../service/input.ts';
import { memoryStore } from '../stores/memory.ts';
import { tokenFormat } from '../token/format.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';

/** A service with one key, in memory. */
export interface TestApiKeys {
  readonly keys: ApiKeys<'live' | 'test'>;
  /** The time of `keys`, which stands still. */
  readonly clock: ManualClock;
  readonly record: KeyRecord<'live' | 'test'>;
  readonly token: string;
  /** The value of the Authorization header with the key. */
  readonly authorization: string;
}

/**
 * The whole service in memory with a first key, in one line: for tests that rotate, revoke or expire.
 * Tokens are `test_live_…` and `test_test_…`; `live` is accepted.
 *
 * @param key what the first key is; default `org_1` in `live`, made by `user_1`
 * @throws KeywrightError `invalid_argument` that names the field
 *
 * @example
 * ```ts
 * const { keys, authorization, record } = await testApiKeys({ owner: 'org_1' });
 * await keys.revoke(record.id, { actor: { id: 'user_1' } });
 * console.log((await keys.authenticate(authorization)).ok); // false
 * ```
 */
export async function testApiKeys(
  key: Partial<NewKey<'live' | 'test'>> = {},
): Promise<TestApiKeys> {
  const clock = manualClock();
  const keys = createApiKeys({
    format: tokenFormat({ brand: 'test', environments: ['live', 'test'] }),
    store: memoryStore(),
    clock,
  });
  const { secret, record } = await keys.create({
    name: 'Test key',
    owner: 'org_1',
    environment: 'live',
    actor: { id: 'user_1' },
    ...key,
  });
  const token = secret.reveal();
  return { keys, clock, record, token, authorization: `Bearer ${token}` };
}
