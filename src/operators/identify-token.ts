import { withDeadline } from '../deadline.ts';
import { invalid } from '../errors.ts';
import type { KeyRecord } from '../record.ts';
import type { ApiKeys } from '../service/contract.ts';
import { serviceOf } from '../service/handle.ts';
import { getKey } from '../service/read.ts';
import { digestOfToken } from '../verify.ts';

/**
 * Returns the record of the key that a token belongs to, in any state and of any owner and environment;
 * `undefined` if no key has it. It does not count as a use and adds no event.
 *
 * Use it for support, and for tokens that have leaked. Do not authenticate requests with it: it also
 * returns records of keys that are revoked, expired or disabled.
 *
 * @param token a token of the service's format or of one of its legacy formats
 * @example
 * ```ts
 * const record = await identifyToken(keys, leakedToken);
 * if (record) await keys.revoke(record.id, { actor: { id: 'user_1' }, reason: 'found in a log' });
 * ```
 * Rejects with `invalid_argument` if the token is no string, and with `store_unavailable` or the error of
 * the store if the store fails.
 */
export async function identifyToken<
  Environment extends string,
  Scope extends string,
  Metadata extends object,
  MetadataInput extends object,
>(
  keys: ApiKeys<Environment, Scope, Metadata, MetadataInput>,
  token: string,
): Promise<KeyRecord<Environment, Scope, Metadata> | undefined> {
  const service = serviceOf(keys);
  if (typeof token !== 'string') throw invalid('token', 'must be a string');
  const digest = digestOfToken(service, token);
  if (digest === undefined) return undefined;
  const { store, storeTimeoutMs } = service;
  // Bypass a cache, which may be a lease behind.
  const reading = Promise.resolve(store.findByDigest(digest, () => false));
  const found = await withDeadline(reading, storeTimeoutMs);
  const record = found && (await getKey(service, { id: found.id }));
  return record as KeyRecord<Environment, Scope, Metadata> | undefined;
}
