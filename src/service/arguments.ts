import { invalid } from '../errors.ts';
import { isStorable, type JsonObject, plainJsonObject } from '../json.ts';
import { LAST_EXPIRY, MAX_ID_LENGTH, MAX_METADATA_BYTES, MAX_SCOPES, SCOPE } from '../limits.ts';
import type { Actor } from '../record.ts';
import type { TokenFormat } from '../token/format.ts';

const MAX_ACTOR_BYTES = 1024;

/** Checks a string of 1 to `max` characters (code points) without control characters. */
export function checkText(value: unknown, argument: string, max: number): string {
  // A character has at most two code units: this bounds the work of counting.
  if (typeof value !== 'string' || value.length > 2 * max || [...value].length > max) {
    throw invalid(argument, `must be a string of at most ${max} characters`);
  }
  if (value.trim() === '') throw invalid(argument, 'must not be empty');
  if (/\p{Cc}/u.test(value) || !isStorable(value)) {
    throw invalid(argument, 'must not contain control characters or lone surrogates');
  }
  return value;
}

export const checkOwner = (value: unknown) => checkText(value, 'owner', MAX_ID_LENGTH);
export const checkId = (value: unknown) => checkText(value, 'id', MAX_ID_LENGTH);

/** Checks a moment, and returns it in epoch milliseconds. */
export function checkMoment(value: unknown, argument: string): number {
  // `instanceof Date` fails for a Date of another realm.
  const moment = isDate(value) ? value.getTime() : value;
  if (Number.isSafeInteger(moment) && (moment as number) >= 0) return moment as number;
  throw invalid(argument, 'must be a Date, or whole epoch milliseconds');
}

function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]';
}

/** Checks an expiry, which may be in the past. Returns epoch milliseconds, or `null` for none. */
export function checkExpiry(value: unknown, argument: string, now: number): number | null {
  if (value === null) return null;
  const expiresAt = checkMoment(value, argument);
  if (expiresAt > LAST_EXPIRY) throw invalid(argument, 'must be before the year 10000');
  // A time in seconds is a thousandth of that in milliseconds: the key would expire at once.
  if (expiresAt < now / 100)
    throw invalid(argument, 'must be in milliseconds, but looks like seconds');
  return expiresAt;
}

/** Checks the expiry of a key to be created, which must be in the future. */
export function checkFutureExpiry(value: unknown, argument: string, now: number): number | null {
  const expiresAt = checkExpiry(value, argument, now);
  if (expiresAt !== null && expiresAt <= now) throw invalid(argument, 'must be in the future');
  return expiresAt;
}

export function checkBoolean(value: unknown, argument: string): boolean {
  if (typeof value !== 'boolean') throw invalid(argument, 'must be true or false');
  return value;
}

/** Checks that a value is one of the given words. */
export function checkOneOf<Word extends string>(
  value: unknown,
  argument: string,
  words: readonly Word[],
): Word {
  if (words.includes(value as Word)) return value as Word;
  throw invalid(argument, `must be one of ${words.join(', ')}`);
}

/** Checks the environments that a service or a route accepts. */
export function checkEnvironments(value: unknown, format: TokenFormat): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid('environments', 'must be an array of environments');
  }
  return Array.from(value, (name, i) =>
    checkOneOf(name, `environments[${i}]`, format.environments),
  );
}

/** Checks scopes, and drops duplicates. Rejects undeclared ones if the service declares its scopes. */
export function checkScopes(value: unknown, known?: readonly string[]): readonly string[] {
  if (!Array.isArray(value) || value.length > MAX_SCOPES) {
    throw invalid('scopes', `must be an array of at most ${MAX_SCOPES} scopes`);
  }
  const scopes = Array.from(value, (scope: unknown, i) => {
    if (known !== undefined) return checkOneOf(scope, `scopes[${i}]`, known);
    if (typeof scope === 'string' && SCOPE.test(scope)) return scope;
    throw invalid(`scopes[${i}]`, 'must be 1 to 100 characters that RFC 6750 allows in a scope');
  });
  return [...new Set(scopes)];
}

export function checkMetadata(value: unknown): JsonObject {
  return plainJsonObject(value, 'metadata', MAX_METADATA_BYTES);
}

export function checkActor(value: unknown): Actor {
  const actor = plainJsonObject(value, 'actor', MAX_ACTOR_BYTES);
  return { ...actor, id: checkText(actor.id, 'actor.id', MAX_ID_LENGTH) };
}
