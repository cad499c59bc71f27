import { withDeadline } from '../deadline.ts';
import { type ErrorCode, KeywrightError } from '../errors.ts';
import type { KeyRef, RotateRefusal } from '../store.ts';
import {
  checkFields,
  checkInteger,
  checkNewExpiry,
  checkTrace,
  mutationOptions,
} from './arguments.ts';
import type { RotatedKey, RotateOptions } from './contract.ts';
import { withFreshKey } from './fresh.ts';
import { found, recordOf } from './record.ts';
import type { Service } from './service.ts';

const MAX_GRACE_MS = 10 * 365 * 86_400_000;

const REFUSALS: Record<RotateRefusal, [ErrorCode, string]> = {
  revoked: ['key_revoked', 'the key is revoked'],
  expired: ['key_expired', 'the key has expired; give the new one an `expiresAt` of its own'],
  replaced: ['key_replaced', 'the key has been rotated already, and its successor lives'],
};

export async function rotateKey(
  service: Service,
  ref: KeyRef,
  options: RotateOptions,
): Promise<RotatedKey> {
  checkFields(options, 'options', ['actor', 'reason', 'transaction', 'graceMs', 'expiresAt']);
  const { store, clock, storeTimeoutMs } = service;
  const now = clock.now();
  const trace = checkTrace(options, now);
  const terms = termsOf(options, now);
  // The token's prefix needs the environment, which never changes; all else the statement decides.
  const { environment } = found(await withDeadline(store.find(ref), storeTimeoutMs));
  const { secret, written } = await withFreshKey(service, environment, now, async (fresh) => {
    const successor = { ...fresh, ...terms };
    const outcome = found(await store.rotate(ref, successor, trace, mutationOptions(options)));
    if ('refused' in outcome) throw new KeywrightError(...REFUSALS[outcome.refused]);
    return outcome;
  });
  return { secret, record: recordOf(written.key), replaced: recordOf(written.replaced) };
}

function termsOf({ graceMs, expiresAt }: RotateOptions, now: number) {
  return {
    ...(graceMs === undefined
      ? {}
      : { graceEndsAt: now + checkInteger(graceMs, 'graceMs', 0, MAX_GRACE_MS) }),
    ...(expiresAt === undefined ? {} : { expiresAt: checkNewExpiry(expiresAt, now) }),
  };
}
