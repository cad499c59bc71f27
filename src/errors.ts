/** Every code that an error can have; {@link ErrorCode} explains each. */
export const ERROR_CODES = [
  'invalid_argument',
  'key_not_found',
  'key_revoked',
  'key_expired',
  'key_replaced',
  'digest_taken',
  'random_failed',
  'store_not_migrated',
  'store_unsafe',
  'cache_unavailable',
  'change_contended',
  'store_unavailable',
  'factor_unreadable',
  'principal_missing',
] as const;

/**
 * What went wrong, as a code that never changes between versions.
 *
 * - `invalid_argument`: an option or argument has the wrong type or is out of bounds; `argument` names it
 * - `key_not_found`: no key has that id, or it belongs to another owner
 * - `key_revoked`, `key_expired`, `key_replaced`: the state of the key forbids the change
 * - `digest_taken`: another key already has that digest or id
 * - `random_failed`: the random source threw, or returned bytes that are not random
 * - `change_contended`: other changes of the owner, or an open transaction of the application, kept this
 *   one from committing; nothing was written
 * - `cache_unavailable`: the store or the runtime does not allow a cache, or granted no lease
 * - `store_not_migrated`: the tables are missing or of another version: call `await store.migrate()`
 * - `store_unsafe`: `migrate()` found a set-up that is known to break a promise; the message has the remedy
 * - `store_unavailable`: the store failed, or answered later than `storeTimeoutMs`
 * - `factor_unreadable`: a second factor cannot be decrypted: it was altered or moved, or its key is missing
 * - `principal_missing`: a route read the principal, but no guard ran before it
 */
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * The only error class of the library. Compare `code` to tell errors apart: `instanceof` fails if one
 * process loads two copies of the package, or both of its module formats.
 *
 * @example
 * ```ts
 * try {
 *   await keys.rotate(id, { actor });
 * } catch (error) {
 *   if (hasCode(error, 'key_revoked')) return 'That key was revoked.';
 *   throw error;
 * }
 * ```
 */
export class KeywrightError extends Error {
  override readonly name = 'KeywrightError';
  readonly code: ErrorCode;
  /** The path of the invalid option or argument, such as `actor.id`; only on `invalid_argument`. */
  declare readonly argument?: string;
  /**
   * Whether a failed change may have been made, because the connection broke or the deadline passed
   * during the commit. `false`: it was not made. Set on the `store_unavailable` error of a change.
   */
  declare readonly indeterminate?: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    details: { argument?: string; cause?: unknown; indeterminate?: boolean } = {},
  ) {
    // Error reads `cause` from the details, if they have one.
    super(message, details);
    this.code = code;
    if (details.argument !== undefined) this.argument = details.argument;
    if (details.indeterminate !== undefined) this.indeterminate = details.indeterminate;
  }
}

/** Whether `error` has the given code, even if another copy of the package created it. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return (error as { readonly code?: unknown } | null | undefined)?.code === code;
}

/**
 * Whether the library created an error, even if another copy of the package did.
 *
 * @example
 * ```ts
 * if (isKeywrightError(error) && error.code === 'key_not_found') return new Response(null, { status: 404 });
 * ```
 */
export function isKeywrightError(error: unknown): error is KeywrightError {
  return error instanceof Error && error.name === 'KeywrightError' && 'code' in error;
}

/**
 * Creates the error for an invalid argument. The message never contains the value, which may be a
 * misplaced token.
 */
export function invalid(argument: string, requirement: string): KeywrightError {
  return new KeywrightError('invalid_argument', `${argument} ${requirement}`, { argument });
}

/**
 * The path of a field, for error messages. Omits a name that is not a short word: it may be a pasted
 * token, and the shortest token has 26 characters.
 */
export function pathOf(parent: string, field: string): string {
  return /^[\w-]{1,20}$/.test(field) ? `${parent}.${field}` : `${parent}[…]`;
}
