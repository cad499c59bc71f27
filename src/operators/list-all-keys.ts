import { DEFAULT_PAGE } from '../limits.ts';
import type { KeyRecord, Page } from '../record.ts';
import type { ApiKeys } from '../service/contract.ts';
import { serviceOf } from '../service/handle.ts';
import { PAGE_FIELDS } from '../service/read.ts';
import { recordOf } from '../service/record.ts';
import { OPERATOR_FILTERS, type OperatorFilter, readAllKeys } from './all-keys.ts';

/** Filters and paging of {@link listAllKeys}. */
export interface AllKeysFilter<Environment extends string = string>
  extends OperatorFilter<Environment> {
  /** Maximum number of items on a page, 1 to 100. Default 20. */
  readonly limit?: number;
  /** The cursor of the previous page, read with the same filter. */
  readonly cursor?: string;
}

/**
 * Returns a page of the keys of all owners, newest first. With `expiresAfter` or `expiresBefore`, the keys
 * that expire first come first. Keys that are added between two pages do not move the others, so no key is
 * missed or listed twice. In order of expiry, this does not hold for a key whose expiry changes.
 *
 * For your own staff and jobs. To list the keys of one owner, use `keys.list({ owner })`.
 *
 * @param filter default: all keys
 * @example
 * ```ts
 * const day = 86_400_000;
 * const filter = { state: 'active', expiresBefore: Date.now() + 7 * day } as const;
 * for (let cursor: string | undefined; ; ) {
 *   const page = await listAllKeys(keys, { ...filter, ...(cursor && { cursor }) });
 *   for (const key of page.items) console.log(key.owner, key.name, key.expiresAt);
 *   if ((cursor = page.cursor) === undefined) break;
 * }
 * ```
 * Rejects with `invalid_argument` for a wrong filter, a cursor of another order, or a store without
 * `listAll`. Rejects with `store_unavailable` or the error of the store if the store fails.
 */
export async function listAllKeys<
  Environment extends string,
  Scope extends string,
  Metadata extends object,
  MetadataInput extends object,
>(
  keys: ApiKeys<Environment, Scope, Metadata, MetadataInput>,
  filter: AllKeysFilter<NoInfer<Environment>> = {},
): Promise<Page<KeyRecord<Environment, Scope, Metadata>>> {
  const service = serviceOf(keys);
  const fields = service.read(filter, 'filter', [], [...PAGE_FIELDS, ...OPERATOR_FILTERS]);
  const query = { limit: DEFAULT_PAGE, ...fields, now: service.clock.now() };
  const page = await readAllKeys(service, query);
  const items = page.items.map(recordOf) as KeyRecord<Environment, Scope, Metadata>[];
  return { ...page, items };
}
