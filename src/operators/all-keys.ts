import { withDeadline } from '../deadline.ts';
import { invalid } from '../errors.ts';
import type { Page, StoredKey } from '../record.ts';
import type { KeyFilter, Moment } from '../service/input.ts';
import { KEY_FILTERS } from '../service/read.ts';
import type { Service } from '../service/service.ts';
import type { AllKeysQuery } from '../store.ts';

/** Filters for the keys of all owners. A key must match all of them. */
export interface OperatorFilter<Environment extends string = string>
  extends Omit<KeyFilter<Environment>, 'limit' | 'cursor'> {
  /** The id of the actor who created the keys: `actor.id` of `create`, `rotate` or `importKeys`. */
  readonly createdBy?: string;
  /** The start of the token, exactly as records show it: `prn_live_4f8a`. */
  readonly hint?: string;
  /** Keys that were created at this moment or later. */
  readonly createdAfter?: Moment;
  /** Keys that were created before this moment. */
  readonly createdBefore?: Moment;
  /** Keys that expire at this moment or later. */
  readonly expiresAfter?: Moment;
}

export const OPERATOR_FILTERS = [
  ...KEY_FILTERS,
  ...(['createdBy', 'hint', 'createdAfter', 'createdBefore', 'expiresAfter'] as const),
] as const;

/** Reads one page of keys of all owners from the store. */
export async function readAllKeys(
  { store, storeTimeoutMs }: Service,
  query: Omit<AllKeysQuery, 'order'>,
): Promise<Page<StoredKey>> {
  if (store.listAll === undefined) {
    throw invalid('keys', 'must use a store with listAll(): this store cannot list across owners');
  }
  // A filter by expiry orders by expiry, so that every page is an index read, however wide the window.
  const isByExpiry = query.expiresAfter !== undefined || query.expiresBefore !== undefined;
  const order = isByExpiry ? 'expiry' : 'created';
  return withDeadline(store.listAll({ ...query, order }), storeTimeoutMs);
}
