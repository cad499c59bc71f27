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
  withTestFormat,
} from './test-service-options.ts';

/** A service with one key, in memory. */
export interface TestApiKeys<
  Environment extends string = 'live' | 'test',
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> {
  readonly keys: ApiKeys<Environment, Scope, Metadata, MetadataInput>;
  /** The clock of `keys`. It stands still until the test moves it. */
  readonly clock: ManualClock;
  readonly record: KeyRecord<Environment, Scope, Metadata>;
  readonly token: string;
  /** The value of the Authorization header with the key. */
  readonly authorization: string;
}

/**
 * Creates a complete service in memory with a first key, for tests that rotate, revoke or expire keys.
 * Tokens are `test_live_…` and `test_test_…`; the service accepts `live`. Refusals have no delay
 * (`refusalMs: 0`).
 *
 * @param key fields of the first key; default: owner `org_1`, environment `live`, created by `user_1`
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
 * The same for a service with options of its own. The keys have its types, accept its environments, and
 * send its refusals.
 *
 * @param key fields of the first key, with the metadata that the schema requires; default: owner `org_1`,
 * the first environment that the service accepts, created by `user_1`
 * @param options the options of the service, without `store` and `clock`
 * @throws KeywrightError `invalid_argument` that names the field or the option, also if it is unknown
 *
 * @example
 * ```ts
 * const options = {
 *   format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
 *   environments: ['live'],
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
  const service = withTestFormat(options);
  const { format, environments } = service;
  const clock = manualClock();
  const keys = createApiKeys({ refusalMs: 0, ...service, store: memoryStore(), clock });
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
