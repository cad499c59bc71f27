import { type KeyChange, type KeyRecord, keyState } from '../record.ts';

type Terms = Pick<KeyRecord, 'enabled' | 'scopes' | 'expiresAt' | 'revokedAt'>;

/** Whether a change could let a key do more than before. The key itself need not be known. */
export function mayWiden({ enabled, scopes, expiresAt }: KeyChange): boolean {
  return enabled === true || scopes !== undefined || expiresAt !== undefined;
}

/** Whether a change enables the key, extends its life or adds a scope. A revoked key stays revoked. */
export function widens(key: Terms, { enabled, scopes = [], expiresAt }: KeyChange): boolean {
  if (key.revokedAt !== undefined) return false;
  const enables = enabled === true && !key.enabled;
  const prolongs = expiresAt !== undefined && endOf(expiresAt) > endOf(key.expiresAt);
  return enables || prolongs || scopes.some((scope) => !key.scopes.includes(scope));
}

/** Whether a change makes an expired key valid again. */
export function revives(key: KeyRecord, { expiresAt }: KeyChange, now: number): boolean {
  return keyState(key, now) === 'expired' && expiresAt !== undefined && now < endOf(expiresAt);
}

function endOf(expiresAt: number | null | undefined): number {
  return expiresAt ?? Number.POSITIVE_INFINITY;
}
