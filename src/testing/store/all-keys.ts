import type { Page, StoredKey } from '../../record.ts';
import type { AllKeysQuery } from '../../store.ts';
import { START } from '../fixtures.ts';
import { type Check, drain, type Subject, unique } from './subject.ts';
import { put } from './writes.ts';

/** A {@link Subject} whose store lists across owners. */
export interface AllKeys extends Subject {
  /** `listAll` of the other handle. */
  readonly listAll: (query: AllKeysQuery) => Promise<Page<StoredKey>>;
  /** The actor who creates the keys of this check, and no other keys of the store. */
  readonly creator: string;
}

/** A check of `listAll`. A store without it passes. */
export function acrossOwners(check: (all: AllKeys) => Promise<void>): Check {
  return async (subject) => {
    const { other } = subject;
    if (subject.store.listAll === undefined || other.listAll === undefined) return;
    await check({ ...subject, listAll: other.listAll.bind(other), creator: unique('user') });
  };
}

/** Adds a key of a new owner, created by the check's creator. */
export function putFor({ store, creator }: AllKeys, overrides: Partial<StoredKey> = {}) {
  return put({ store, owner: unique('org') }, { createdBy: { id: creator }, ...overrides });
}

/** Lists all keys of the check's creator that match, page by page. */
export function allKeys(
  { listAll, creator }: AllKeys,
  query: Partial<AllKeysQuery> = {},
): Promise<StoredKey[]> {
  const base = { order: 'created', limit: 100, now: START, createdBy: creator } as const;
  return drain((cursor) => listAll({ ...base, ...query, ...cursor }));
}
