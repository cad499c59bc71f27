import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';
import { isStorable, type JsonObject, plainJsonObject } from '../json.ts';
import type { Actor } from '../record.ts';
import type { TokenFormat } from '../token/format.ts';
import type { Requirement } from './contract.ts';

const MAX_METADATA_BYTES = 4096;
const MAX_ACTOR_BYTES = 1024;
const MAX_SCOPES = 100;

/** The end of the year 9999, in epoch milliseconds: the last that an HTTP date can say (RFC 9110 §5.6.7). */
export const LAST_EXPIRY = 253_402_300_799_999;

/** A text of 1 to `max` characters (code points) without control characters. */
export function checkText(value: unknown, argument: string, max: number): string {
  // No text of so many characters has more than twice as many code units: this bounds the count.
  if (typeof value !== 'string' || value.length > 2 * max || [...value].length > max) {
    throw invalid(argument, `must be a text of at most ${max} characters`);
  }
  if (value.trim() === '') throw invalid(argument, 'must not be empty');
  if (/\p{Cc}/u.test(value) || !isStorable(value)) {
    throw invalid(argument, 'must not hold control characters or lone surrogates');
  }
  return value;
}

export const checkOwner = (value: unknown) => checkText(value, 'owner', 255);
export const checkId = (value: unknown) => checkText(value, 'id', 255);

/** A whole number from `min` to `max`. */
export function checkInteger(value: unknown, argument: string, min: number, max: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) {
    return value as number;
  }
  throw invalid(argument, `must be a whole number from ${min} to ${max}`);
}

/** Epoch milliseconds. */
export function checkMoment(value: unknown, argument: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw invalid(argument, 'must be whole epoch milliseconds');
}

/** The end of a key in epoch milliseconds, which may lie in the past; or `null` for none. */
export function checkExpiry(value: unknown, argument: string, now: number): number | null {
  if (value === null) return null;
  const expiresAt = checkMoment(value, argument);
  if (expiresAt > LAST_EXPIRY) throw invalid(argument, 'must lie before the year 10000');
  // A thousandth of the present is what an epoch in seconds looks like: the key would be dead at birth.
  if (expiresAt < now / 100)
    throw invalid(argument, 'must be milliseconds, and looks like seconds');
  return expiresAt;
}

export function checkBoolean(value: unknown, argument: string): boolean {
  if (typeof value !== 'boolean') throw invalid(argument, 'must be true or false');
  return value;
}

/** One of a few words. */
export function checkOneOf<Word extends string>(
  value: unknown,
  argument: string,
  words: readonly Word[],
): Word {
  if (words.includes(value as Word)) return value as Word;
  throw invalid(argument, `must be one of ${words.join(', ')}`);
}

/** Environments that a service or a route accepts. */
export function checkEnvironments(value: unknown, format: TokenFormat): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid('environments', 'must be an array of environments');
  }
  return Array.from(value, (name, i) =>
    checkOneOf(name, `environments[${i}]`, format.environments),
  );
}

/** Scopes, each at most once and in the order given; of those that there are, where that is said. */
export function checkScopes(value: unknown, known?: readonly string[]): readonly string[] {
  if (!Array.isArray(value) || value.length > MAX_SCOPES) {
    throw invalid('scopes', `must be an array of at most ${MAX_SCOPES} scopes`);
  }
  const scopes = Array.from(value, (scope: unknown, i) => {
    if (known !== undefined) return checkOneOf(scope, `scopes[${i}]`, known);
    // RFC 6750 §3: scope-token is printable ASCII without space, quote and backslash.
    if (typeof scope === 'string' && /^[!#-[\]-~]{1,100}$/.test(scope)) return scope;
    throw invalid(`scopes[${i}]`, 'must be 1 to 100 characters that RFC 6750 allows in a scope');
  });
  return [...new Set(scopes)];
}

/** The part of a service that a requirement is checked against. */
interface Checking {
  readonly format: TokenFormat;
  readonly scopes?: readonly string[] | undefined;
}

interface CheckedRequirement {
  readonly scopes: readonly string[];
  readonly environments: readonly string[] | undefined;
}

/** On a requirement that has been checked: the format that it was checked against. */
const CHECKED = Symbol.for('keywright.checked');

/** What a route or a guard asks of a key. */
export function checkRequirement(
  requirement: Requirement & { readonly [CHECKED]?: TokenFormat },
  { format, scopes: known }: Checking,
): CheckedRequirement {
  if (requirement?.[CHECKED] === format) return requirement as CheckedRequirement;
  checkFields(requirement, 'options', ['scopes', 'environments']);
  const { scopes = [], environments } = requirement;
  return {
    scopes: checkScopes(scopes, known),
    environments: environments === undefined ? undefined : checkEnvironments(environments, format),
  };
}

/**
 * A copy of what a guard asks, checked once for all requests: to check it for each takes a third of
 * the time of an authentication.
 */
export function fixRequirement(requirement: Requirement, service: Checking): Requirement {
  const checked = checkRequirement(requirement, service);
  Object.defineProperty(checked, CHECKED, { value: service.format });
  return Object.freeze(checked) as Requirement;
}

export function checkMetadata(value: unknown): JsonObject {
  return plainJsonObject(value, 'metadata', MAX_METADATA_BYTES);
}

export function checkActor(value: unknown): Actor {
  const actor = plainJsonObject(value, 'actor', MAX_ACTOR_BYTES);
  return { ...actor, id: checkText(actor.id, 'actor.id', 255) };
}
