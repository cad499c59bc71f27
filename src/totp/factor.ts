/** The hash of the HMAC that makes a code: RFC 6238 §1.2. */
export type Algorithm = 'SHA1' | 'SHA256' | 'SHA512';

/** The length of a code: RFC 4226 §5.3 requires at least 6. */
export type Digits = 6 | 8;

/** An actor's second factor before it is sealed. All times are epoch milliseconds. */
export interface Factor {
  /** Identifies this enrollment, so that a pass from one enrollment is not valid for the next. */
  readonly id: string;
  /** Whether a first correct code has shown that the authenticator has the secret. */
  readonly confirmed: boolean;
  readonly begunAt: number;
  /** Base32. */
  readonly secret: string;
  readonly algorithm: Algorithm;
  readonly digits: Digits;
  /** The latest time step whose code was used. Codes of this and of earlier steps are refused. */
  readonly usedStep: number;
  /** Wrong codes, oldest first, for as long as they count. */
  readonly misses: readonly Miss[];
  /** Until then, codes are refused without a check. */
  readonly blockedUntil: number;
  /** The times within the last hour at which recovery codes were renewed. */
  readonly renewedAt?: readonly number[];
  /** Digests of the recovery codes that are left, and of those that were used. */
  readonly recovery: readonly string[];
  readonly spent: readonly string[];
}

/** A wrong code. */
export interface Miss {
  readonly at: number;
  /** The tag of the session that presented it; `null` if the application sets no `sessionId`. */
  readonly session: string | null;
  /** Whether a correct code of the same session followed. */
  readonly cleared?: true;
}

/** How long after its start an enrollment can be confirmed. */
const PENDING_MS = 15 * 60_000;

export function isPending({ confirmed, begunAt }: Factor, now: number): boolean {
  return !confirmed && now < begunAt + PENDING_MS;
}
