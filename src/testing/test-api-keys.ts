import type { JsonObject } from '../json.ts';
import type { KeyRecord } from '../record.ts';
import { createApiKeys } from '../service/api-keys.ts';
import type { ApiKeys } from '../service/contract.ts';
import type { NewKey, NewKeyFields, NewKeyMetadata } from '../service/input.ts';
import { memoryStore } from '../stores/memory.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import {
  acceptedFirst,
  checkOwn,
  type TestServiceOptions,
  testFormat,
} from './test-service-options.ts';

/** A service with one key, in memory. */
export interface TestApiKeys<
  Environment extends string = 'live' | 'test',
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> {
  readonly keys: ApiKeys<Environment, Scope, Metadata, MetadataInput>;
  /** The time of `keys`, which stands still. */
  readonly clock: ManualClock;
  readonly record: KeyRecord<Environment, Scope, Metadata>;
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
export function testApiKeys(key?: Partial<NewKey<'live' | 'test'>>): Promise<TestApiKeys>;
/**
 * The same for a service that has options of its own: the keys have its types, accept the
 * environments that it accepts, and refuse in its words.
 *
 * @param key what the first key is, with the metadata that the schema asks for; default `org_1`, in
 * the first environment that the service accepts, made by `user_1`
 * @param options what the service is made with, without store and clock
 * @throws KeywrightError `invalid_argument` that names the field or the option, also for one that is
 * not known
 *
 * @example
 * ```ts
 * const options = {
 *   format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
 *   scopes: ['orders:read', 'orders:write'],
 * } as const;
 * const { keys, token } = await testApiKeys({ scopes: ['orders:read'] }, options);
 * console.log(token.slice(0, 9)); // prn_live_
 * ```
 */
export function testApiKeys<
  Environment extends string = 'live' | 'test',
  const Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
>(
  key: NoInfer<Partial<NewKeyFields<Environment, Scope>> & NewKeyMetadata<MetadataInput>>,
  options: TestServiceOptions<Environment, Scope, Metadata, MetadataInput>,
): Promise<TestApiKeys<Environment, Scope, Metadata, MetadataInput>>;
export async function testApiKeys(
  key: Partial<NewKey> = {},
  options: TestServiceOptions = {},
): Promise<TestApiKeys<string>> {
  checkOwn(options);
  const { format = testFormat(), environments } = options;
  const clock = manualClock();
  const keys = createApiKeys({ ...options, format, store: memoryStore(), clock });
  const { secret, record } = await keys.create({
    name: 'Test key',
    owner: 'org_1',
    environment: acceptedFirst(format, environments),
    actor: { id: 'user_1' },
    ...key,
  });
  const token = secret.reveal();
  return { keys, clock, record, token, authorization: `Bearer ${token}` };
}
