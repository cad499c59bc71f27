import { type Clock, systemClock } from '../clock.ts';
import { checkFields } from '../fields.ts';
import { defined } from '../json.ts';
import { checkInteger } from '../service/arguments.ts';
import type { ApiKeys } from '../service/contract.ts';

/** Whether a key is still in use, above all one that has been replaced. Times are epoch milliseconds. */
export interface KeyUse {
  /** Used within the quiet time, before the key was replaced or after. */
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
 * revoked without harm: to whoever uses it at least once in a quiet time. `undefined` where no key has
 * the id.
 *
 * Uses are written in batches: those of this process are flushed first, those of others may be
 * `usageFlushMs` behind.
 *
 * @param keys the service, or the view of one owner, which then flushes nothing
 * @throws KeywrightError `invalid_argument` for a wrong id or option; whatever the store fails with
 *
 * @example A week after a rotation, by a caller who comes at least once in that time.
 * ```ts
 * const use = await keyUse(keys, replaced.id, { quietMs: 7 * 86_400_000 });
 * if (use && !use.inUse) await keys.revoke(replaced.id, { actor });
 * ```
 */
export async function keyUse(
  keys: Pick<ApiKeys<string, string, object>, 'get'> & Partial<Pick<ApiKeys, 'flush'>>,
  id: string,
  options: KeyUseOptions = {},
): Promise<KeyUse | undefined> {
  checkFields(options, 'options', ['quietMs', 'clock']);
  const { quietMs = DAY_MS, clock = systemClock } = options;
  checkInteger(quietMs, 'quietMs', 0, Number.MAX_SAFE_INTEGER);
  await keys.flush?.();
  const key = await keys.get(id);
  if (key === undefined) return undefined;
  const { createdAt, lastUsedAt, replacedBy, replacedAt, expiresAt } = key;
  const inUse = lastUsedAt !== undefined && lastUsedAt >= clock.now() - quietMs;
  const quietSince = inUse ? undefined : (lastUsedAt ?? createdAt);
  return defined({ inUse, quietSince, lastUsedAt, replacedBy, replacedAt, endsAt: expiresAt });
}
