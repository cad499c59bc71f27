/** The hash of the HMAC that makes a code: RFC 6238 §1.2. */
export type Algorithm = 'SHA1' | 'SHA256' | 'SHA512';

/** The length of a code: RFC 4226 §5.3 asks for at least 6. */
export type Digits = 6 | 8;

/** An actor's second factor, as it is before it is sealed. All times are epoch milliseconds. */
export interface Factor {
  /** Tells this enrollment from every other, so that what was passed with one is no good for the next. */
  readonly id: string;
  /** Whether a first code has shown that the authenticator has the secret. */
  readonly confirmed: boolean;
  readonly begunAt: number;
  /** In base32. */
  readonly secret: string;
  readonly algorithm: Algorithm;
  readonly digits: Digits;
  /** The latest time step whose code was used; no code of it or of one before is good any more. */
  readonly usedStep: number;
  /** Wrong codes since the last right one. */
  readonly failures: number;
  /** Until then, no code is looked at. */
  readonly blockedUntil: number;
  /** Digests of the recovery codes that are left, and of those that were used. */
  readonly recovery: readonly string[];
  readonly spent: readonly string[];
}

/** For so long after it was begun, an enrollment can be confirmed. */
const PENDING_MS = 15 * 60_000;

export function isPending({ confirmed, begunAt }: Factor, now: number): boolean {
  return !confirmed && now < begunAt + PENDING_MS;
}
