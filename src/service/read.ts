import { withDeadline } from '../deadline.ts';
import type { KeyRecord, KeyState, Page } from '../record.ts';
import type { KeyQuery, KeyRef } from '../store.ts';
import {
  checkEnvironment,
  checkFields,
  checkMoment,
  checkOneOf,
  checkPage,
  checkText,
} from './arguments.ts';
import type { KeyFilter } from './contract.ts';
import { recordOf } from './record.ts';
import type { Service } from './service.ts';

const STATES: readonly KeyState[] = ['active', 'disabled', 'expired', 'revoked'];
const FILTERS = ['limit', 'cursor', 'environment', 'state', 'text', 'expiresBefore', 'unusedSince'];

export async function getKey(service: Service, ref: KeyRef): Promise<KeyRecord | undefined> {
  const key = await withDeadline(service.store.find(ref), service.storeTimeoutMs);
  return key && recordOf(key);
}

export async function listKeys(
  service: Service,
  owner: string,
  filter: KeyFilter,
): Promise<Page<KeyRecord>> {
  const query = keyQuery(service, owner, filter);
  const { items, cursor } = await withDeadline(service.store.list(query), service.storeTimeoutMs);
  const records = items.map(recordOf);
  return cursor === undefined ? { items: records } : { items: records, cursor };
}

function keyQuery({ format, clock }: Service, owner: string, filter: KeyFilter): KeyQuery {
  checkFields(filter, 'filter', FILTERS);
  const { environment, state, text, expiresBefore, unusedSince } = filter;
  return {
    owner,
    now: clock.now(),
    ...checkPage(filter),
    ...(environment === undefined ? {} : { environment: checkEnvironment(environment, format) }),
    ...(state === undefined ? {} : { state: checkOneOf(state, 'state', STATES) }),
    ...(text === undefined ? {} : { text: checkText(text, 'text', 100) }),
    ...(expiresBefore === undefined
      ? {}
      : { expiresBefore: checkMoment(expiresBefore, 'expiresBefore') }),
    ...(unusedSince === undefined ? {} : { unusedSince: checkMoment(unusedSince, 'unusedSince') }),
  };
}
