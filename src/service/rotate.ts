import { withDeadline } from '../deadline.ts';
import { type ErrorCode, KeywrightError } from '../errors.ts';
import { defined } from '../json.ts';
import type { KeyRef, RotateRefusal } from '../store.ts';
import type { RotatedKey } from './contract.ts';
import { withFreshKey } from './fresh.ts';
import type { RotateOptions } from './input.ts';
import { found, recordOf } from './record.ts';
import type { Service } from './service.ts';

const REFUSALS: Record<RotateRefusal, [ErrorCode, string]> = {
  revoked: ['key_revoked', 'the key is revoked'],
  expired: [
    'key_expired',
    'the key, or its successor before, has expired; give the new one an `expiresAt`',
  ],
  replaced: ['key_replaced', 'the key has a successor that lives'],
};

export async function rotateKey(
  service: Service,
  ref: KeyRef,
  options: RotateOptions,
): Promise<RotatedKey> {
  const { read, store, clock, storeTimeoutMs } = service;
  const optional = ['reason', 'transaction', 'graceMs', 'expiresAt', 'id'] as const;
  const fields = read(options, 'options', ['actor'], optional);
  const { transaction, graceMs, expiresAt, id, ...by } = fields;
  const now = clock.now();
  const terms = defined({
    expiresAt,
    graceEndsAt: graceMs === undefined ? graceMs : now + graceMs,
  });
  const within = defined({ transaction });
  // The token's prefix needs the environment, which never changes; all else the statement decides.
  const { environment } = found(await withDeadline(store.find(ref, within), storeTimeoutMs));
  const expected = { environment, now, id };
  const { secret, written } = await withFreshKey(service, expected, async (fresh) => {
    const successor = { ...fresh, ...terms };
    const trace = { at: now, ...by };
    const outcome = found(await store.rotate(ref, successor, trace, within));
    if ('refused' in outcome) throw new KeywrightError(...REFUSALS[outcome.refused]);
    return outcome;
  });
  return { secret, record: recordOf(written.key), replaced: recordOf(written.replaced) };
}
