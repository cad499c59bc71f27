/**
 * What went wrong, as a word that never changes between versions.
 *
 * - `invalid_argument`: an option or argument is of the wrong kind or out of bounds; `argument` names it
 * - `key_not_found`: no key has that id, or not for that owner
 * - `key_revoked`, `key_expired`, `key_replaced`: the state of the key forbids the change
 * - `digest_taken`: another key already has that digest or id
 * - `random_failed`: the random source threw, or gave bytes that are not random
 * - `store_unavailable`: the store failed, or answered later than `storeTimeoutMs`
 * - `factor_unreadable`: a second factor does not open: it was altered, or moved, or its key is not given
 * - `principal_missing`: a route asked for the principal, and no guard stands before it
 */
export type ErrorCode =
  | 'invalid_argument'
  | 'key_not_found'
  | 'key_revoked'
  | 'key_expired'
  | 'key_replaced'
  | 'digest_taken'
  | 'random_failed'
  | 'store_unavailable'
  | 'factor_unreadable'
  | 'principal_missing';

/**
 * The one error class of the library. Tell errors apart by `code`: an `instanceof` fails where
 * two copies of the package, or its two module formats, meet in one process.
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
  /** The option or argument at fault, as a path such as `actor.id`; on `invalid_argument` alone. */
  declare readonly argument?: string;

  constructor(
    code: ErrorCode,
    message: string,
    details: { argument?: string; cause?: unknown } = {},
  ) {
    // Of the details, Error takes the cause, and has none where there is none among them.
    super(message, details);
    this.code = code;
    if (details.argument !== undefined) this.argument = details.argument;
  }
}

/** Whether `error` carries the given code, whichever copy of the package made it. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return (error as { readonly code?: unknown } | null | undefined)?.code === code;
}

/** Whether an error is one of the library's own, whichever copy of the package made it. */
export function isKeywrightError(error: unknown): error is KeywrightError {
  return error instanceof Error && error.name === 'KeywrightError' && 'code' in error;
}

/**
 * The error for a wrong argument. The message never shows the value: what lands in the wrong
 * argument may be a token.
 */
export function invalid(argument: string, requirement: string): KeywrightError {
  return new KeywrightError('invalid_argument', `${argument} ${requirement}`, { argument });
}
