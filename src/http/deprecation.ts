import type { KeyRecord } from '../record.ts';

/**
 * Returns the response headers for a key that has been replaced: when it was replaced (`Deprecation`,
 * RFC 9745 §2.1, a date of RFC 9651 in epoch seconds) and, if the key expires, when it is refused
 * (`Sunset`, RFC 8594 §3). Returns `undefined` for a key without a successor.
 */
export function deprecationHeaders({
  replacedAt,
  expiresAt,
}: Pick<KeyRecord, 'replacedAt' | 'expiresAt'>): Readonly<Record<string, string>> | undefined {
  if (replacedAt === undefined) return undefined;
  const deprecation = { Deprecation: `@${Math.floor(replacedAt / 1000)}` };
  if (expiresAt === undefined) return deprecation;
  return { ...deprecation, Sunset: new Date(expiresAt).toUTCString() };
}
