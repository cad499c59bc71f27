import { invalid } from '../errors.ts';
import { isPlainObject, isStorable, type JsonObject, pathOf, plainJsonObject } from '../json.ts';
import type { Actor, KeyChange } from '../record.ts';
import type { MutationOptions, Trace } from '../store.ts';
import type { TokenFormat } from '../token/format.ts';
import type { By, ChangeOptions, Requirement } from './contract.ts';

const MAX_METADATA_BYTES = 4096;
const MAX_ACTOR_BYTES = 1024;
const MAX_SCOPES = 100;

/** A text of 1 to `max` characters (code points) without control characters. */
export function checkText(value: unknown, argument: string, max: number): string {
  if (typeof value !== 'string') throw invalid(argument, 'must be a string');
  // No text of so many characters has more than twice as many code units: this bounds the count.
  if (value.length > 2 * max || [...value].length > max) {
    throw invalid(argument, `must be at most ${max} characters`);
  }
  if (value.trim() === '') throw invalid(argument, 'must not be empty');
  if (/\p{Cc}/u.test(value) || !isStorable(value)) {
    throw invalid(argument, 'must not hold control characters or lone surrogates');
  }
  return value;
}

export const checkName = (value: unknown) => checkText(value, 'name', 100);
export const checkOwner = (value: unknown) => checkText(value, 'owner', 255);
export const checkId = (value: unknown, argument = 'id') => checkText(value, argument, 255);

/** Epoch milliseconds. */
export function checkMoment(value: unknown, argument: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw invalid(argument, 'must be a time in whole epoch milliseconds');
  }
  return value as number;
}

/** The end of a key, in epoch milliseconds; it may lie in the past. */
export function checkExpiry(value: unknown, now: number): number {
  const expiresAt = checkMoment(value, 'expiresAt');
  // A thousandth of the present is what an epoch in seconds looks like: the key would be dead at birth.
  if (expiresAt < now / 100)
    throw invalid('expiresAt', 'must be in milliseconds, and looks like seconds');
  return expiresAt;
}

/** As {@link checkExpiry}, or `null` for none. */
export function checkNewExpiry(value: unknown, now: number): number | null {
  return value === null ? null : checkExpiry(value, now);
}

/** A whole number from `min` to `max`. */
export function checkInteger(value: unknown, argument: string, min: number, max: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
    throw invalid(argument, `must be a whole number from ${min} to ${max}`);
  }
  return value as number;
}

/** One of a few words. */
export function checkOneOf<Word extends string>(
  value: unknown,
  argument: string,
  words: readonly Word[],
): Word {
  const known = words.find((word) => word === value);
  if (known === undefined) throw invalid(argument, `must be one of ${words.join(', ')}`);
  return known;
}

export function checkEnvironment(
  value: unknown,
  format: TokenFormat,
  argument = 'environment',
): string {
  return checkOneOf(value, argument, format.environments);
}

/** Environments that a service or a route accepts. */
export function checkEnvironments(value: unknown, format: TokenFormat): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid('environments', 'must be an array of at least one environment');
  }
  return value.map((name, index) => checkEnvironment(name, format, `environments[${index}]`));
}

/** Scopes, each at most once and in the order given. */
export function checkScopes(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > MAX_SCOPES) {
    throw invalid('scopes', `must be an array of at most ${MAX_SCOPES} scopes`);
  }
  value.forEach((scope: unknown, index) => {
    // RFC 6750 §3: scope-token is printable ASCII without space, quote and backslash.
    if (typeof scope !== 'string' || !/^[!#-[\]-~]{1,100}$/.test(scope)) {
      throw invalid(
        `scopes[${index}]`,
        'must be 1 to 100 printable ASCII characters without space, quote and backslash',
      );
    }
  });
  return [...new Set(value as string[])];
}

/** What a route or a guard asks of a key. */
export function checkRequirement(
  requirement: Requirement,
  format: TokenFormat,
): { readonly scopes: readonly string[]; readonly environments: readonly string[] | undefined } {
  checkFields(requirement, 'options', ['scopes', 'environments']);
  const { scopes, environments } = requirement;
  return {
    scopes: scopes === undefined ? [] : checkScopes(scopes),
    environments: environments === undefined ? undefined : checkEnvironments(environments, format),
  };
}

/** Where a page begins and how long it is. */
export function checkPage({ limit = 20, cursor }: { limit?: number; cursor?: string }): {
  readonly limit: number;
  readonly cursor?: string;
} {
  const page = { limit: checkInteger(limit, 'limit', 1, 100) };
  return cursor === undefined ? page : { ...page, cursor: checkText(cursor, 'cursor', 512) };
}

export function checkMetadata(value: unknown): JsonObject {
  return plainJsonObject(value, 'metadata', MAX_METADATA_BYTES);
}

export function checkActor(value: unknown): Actor {
  const actor = plainJsonObject(value, 'actor', MAX_ACTOR_BYTES);
  return { ...actor, id: checkId(actor.id, 'actor.id') };
}

/** The fields to change. */
export function checkChange(value: KeyChange, now: number): KeyChange {
  checkFields(value, 'change', ['name', 'scopes', 'metadata', 'enabled', 'expiresAt']);
  const { name, scopes, metadata, enabled, expiresAt } = value;
  if (enabled !== undefined && typeof enabled !== 'boolean') {
    throw invalid('enabled', 'must be true or false');
  }
  const change: KeyChange = {
    ...(name === undefined ? {} : { name: checkName(name) }),
    ...(scopes === undefined ? {} : { scopes: checkScopes(scopes) }),
    ...(metadata === undefined ? {} : { metadata: checkMetadata(metadata) }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(expiresAt === undefined ? {} : { expiresAt: checkNewExpiry(expiresAt, now) }),
  };
  if (Object.keys(change).length === 0) throw invalid('change', 'must name at least one field');
  return change;
}

/** When, who and why, for the activity log. */
export function checkTrace({ actor, reason }: By, now: number): Trace {
  return {
    at: now,
    actor: checkActor(actor),
    ...(reason === undefined ? {} : { reason: checkText(reason, 'reason', 500) }),
  };
}

/** The options that go through to the store. */
export function mutationOptions({
  transaction,
}: Pick<ChangeOptions, 'transaction'>): MutationOptions {
  return transaction === undefined ? {} : { transaction };
}

/**
 * Refuses what is no object, and fields that do not exist: a mistyped one would otherwise be the
 * same as one left out, and a key without the scopes that were meant.
 */
export function checkFields(value: unknown, argument: string, fields: readonly string[]): void {
  if (!isPlainObject(value)) throw invalid(argument, 'must be a plain object');
  for (const field of Object.keys(value)) {
    if (!fields.includes(field)) throw invalid(pathOf(argument, field), 'is not known');
  }
}
