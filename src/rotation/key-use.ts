import { type Clock, systemClock } from '../clock.ts';
import { defined } from '../json.ts';
import { checkInteger } from '../service/arguments.ts';
import type { ApiKeys } from '../service/contract.ts';

/** Whether a key is still in use, above all one that has been replaced. Times are epoch milliseconds. */
export interface KeyUse {
  /** Used within the quiet time, and since the key was replaced, if it was. */
  readonly inUse: boolean;
  /** Since when it is not in use; absent while it is. */
  readonly quietSince?: number;
  readonly lastUsedAt?: number;
  /** The newest successor, and when the rotation took place. */
  readonly replacedBy?: string;
  readonly replacedAt?: number;
  /** When the key ends by itself, such as after a grace. */
  readonly endsAt?: number;
}

/** What `keyUse` may be told. */
export interface KeyUseOptions {
  /** Milliseconds without a use after which a key counts as out of use. Default a day. */
  readonly quietMs?: number;
  /** Default: the wall clock. */
  readonly clock?: Clock;
}

const DAY_MS = 86_400_000;

/**
 * Tells whether the old key of a rotation is still in use, and since when not, so that it can be
 * revoked without harm. `undefined` where no key has the id.
 *
 * Uses are written in batches: those of this process are flushed first, those of others may be
 * `usageFlushMs` behind.
 *
 * @param keys the service, or the view of one owner, which then flushes nothing
 * @throws KeywrightError `invalid_argument` for a wrong id or `quietMs`; whatever the store fails with
 *
 * @example
 * ```ts
 * const use = await keyUse(keys, replaced.id);
 * if (use && !use.inUse) await keys.revoke(replaced.id, { actor });
 * ```
 */
export async function keyUse(
  keys: Pick<ApiKeys<string, string, object>, 'get'> & Partial<Pick<ApiKeys, 'flush'>>,
  id: string,
  { quietMs = DAY_MS, clock = systemClock }: KeyUseOptions = {},
): Promise<KeyUse | undefined> {
  checkInteger(quietMs, 'quietMs', 0, Number.MAX_SAFE_INTEGER);
  await keys.flush?.();
  const key = await keys.get(id);
  if (key === undefined) return undefined;
  const { createdAt, lastUsedAt, replacedBy, replacedAt, expiresAt } = key;
  const sinceReplaced = replacedAt === undefined || (lastUsedAt ?? 0) > replacedAt;
  const inUse = lastUsedAt !== undefined && sinceReplaced && lastUsedAt >= clock.now() - quietMs;
  const quietSince = inUse ? undefined : (lastUsedAt ?? createdAt);
  return defined({ inUse, quietSince, lastUsedAt, replacedBy, replacedAt, endsAt: expiresAt });
}
