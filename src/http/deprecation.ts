import type { KeyRecord } from '../record.ts';

/**
 * What an answer to a key that has been replaced says of it: since when (`Deprecation`, RFC 9745 §2.1,
 * a date of RFC 9651 in epoch seconds) and, where the key ends by itself, from when on it is refused
 * (`Sunset`, RFC 8594 §3). `undefined` for a key that has no successor.
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
