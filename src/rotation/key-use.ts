import { type Clock, systemClock } from '../clock.ts';
import { checkFields, checkInteger } from '../fields.ts';
import { defined } from '../json.ts';
import type { ApiKeys } from '../service/contract.ts';

/** Whether a key is still in use, for example after a rotation. Times are epoch milliseconds. */
export interface KeyUse {
  /** Whether the key was used within the last `quietMs`. */
  readonly inUse: boolean;
  /** When the key was last used, or created if it never was. Absent while the key is in use. */
  readonly quietSince?: number;
  readonly lastUsedAt?: number;
  /** The newest successor, and when it replaced the key. */
  readonly replacedBy?: string;
  readonly replacedAt?: number;
  /** When the key expires, for example at the end of a grace period. */
  readonly endsAt?: number;
}

/** Options of `keyUse`. */
export interface KeyUseOptions {
  /** Milliseconds without a use after which a key counts as no longer in use. Default: one day. */
  readonly quietMs?: number;
  /** Default: system time. */
  readonly clock?: Clock;
}

const DAY_MS = 86_400_000;

/**
 * Reports whether a key is still in use, so that you know when you can revoke the old key of a rotation. A
 * caller that uses its key at least once every `quietMs` is not cut off. Resolves with `undefined` if no
 * key has the id.
 *
 * Times of use are written in batches. Those of this process are flushed first; those of other processes
 * may be `usageFlushMs` late.
 *
 * @param keys the service, or the view of one owner, for which nothing is flushed
 * @throws KeywrightError `invalid_argument` for a wrong id or option. Also rejects with errors of the store.
 *
 * @example Revokes the old key of a rotation, once it has not been used for a week.
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
