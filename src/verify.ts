import type { Clock } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { digestsEqual } from './digest/equal.ts';
import type { LegacyFormat } from './digest/legacy.ts';
import { digestToken } from './digest/sha256.ts';
import { KeywrightError } from './errors.ts';
import { cloneJson } from './json.ts';
import { isPromiseLike } from './maybe-promise.ts';
import { keyState, type Principal, type VerifiableKey } from './record.ts';
import type { KeyStore } from './store.ts';
import type { TokenFormat } from './token/format.ts';
import { parsePrefix } from './token/parse.ts';

/**
 * Why a credential was refused. For your logs and metrics, never for the caller.
 *
 * - `absent`, `repeated`, `scheme`: no Authorization line, more than one, or not `Bearer <token>`
 * - `malformed`: not a token of the service's formats
 * - `unknown`: no key has the token's digest
 * - `revoked`, `expired`, `disabled`: the state of the key
 * - `environment`: a key of an environment that is not accepted here
 * - `insufficient_scope`: a valid key that lacks a scope (403)
 * - `unavailable`: the store failed, timed out or returned a broken record (503)
 */
export type RefusalReason =
  | 'absent'
  | 'repeated'
  | 'scheme'
  | 'malformed'
  | 'unknown'
  | 'revoked'
  | 'expired'
  | 'disabled'
  | 'environment'
  | 'insufficient_scope'
  | 'unavailable';

/** The outcome of a verification, with the data of its event. */
export type Verdict =
  | {
      readonly ok: true;
      readonly key: VerifiableKey;
      readonly principal: Principal;
      readonly at: number;
    }
  | {
      readonly ok: false;
      readonly reason: RefusalReason;
      readonly key?: VerifiableKey;
      readonly error?: unknown;
    };

export interface Verifier {
  readonly format: TokenFormat;
  /** Formats of imported keys, tried in turn for a token that is not of `format`. */
  readonly legacy: readonly LegacyFormat[];
  readonly store: Pick<KeyStore, 'findByDigest'>;
  readonly clock: Clock;
  readonly storeTimeoutMs: number;
}

/** The digest and environment of a token, and the environments that are accepted. */
interface PresentedToken {
  readonly digest: string;
  /** `undefined` for a legacy token that names no environment. */
  readonly environment: string | undefined;
  readonly environments: readonly string[];
}

/** The fields of a key that decide whether it is accepted. */
type DecidingFields = Pick<
  VerifiableKey,
  | 'digest'
  | 'owner'
  | 'environment'
  | 'scopes'
  | 'enabled'
  | 'expiresAt'
  | 'revokedAt'
  | 'replacedAt'
>;

/** Checked in place of an unknown key: revoked, with a digest that no SHA-256 in hex equals. */
// Stryker disable all: only the work of a refusal depends on it, and no result
const NO_KEY: DecidingFields = {
  digest: '-'.repeat(64),
  owner: '',
  environment: '',
  scopes: [],
  enabled: true,
  revokedAt: 0,
};
// Stryker restore all

/**
 * The only path from a token to a verdict. Returns synchronously if the store does.
 *
 * Every well-formed token costs one digest, one look-up, one comparison and one check of the state,
 * whatever the verdict. The secret is checked before the state, so callers without the token learn
 * nothing about the key.
 */
export function verifyToken(
  verifier: Verifier,
  token: string,
  environments: readonly string[],
): Verdict | Promise<Verdict> {
  const presented = presentedToken(verifier, token, environments);
  if (presented === undefined) return { ok: false, reason: 'malformed' };
  const { store, clock, storeTimeoutMs } = verifier;
  const decide = (key: VerifiableKey | undefined) => decideVerdict(clock, key, presented);
  const accepts = (key: VerifiableKey) => stateReason(key, presented, clock.now()) === undefined;
  let found: ReturnType<KeyStore['findByDigest']>;
  try {
    found = store.findByDigest(presented.digest, accepts);
  } catch (error) {
    return storeFailure(error);
  }
  // A synchronous result needs neither a deadline nor a promise.
  if (!isPromiseLike(found)) return decide(found);
  return withDeadline(found, storeTimeoutMs).then(decide, storeFailure);
}

/** Returns the digest by which a token's key is stored; `undefined` if the text has no known format. */
export function digestOfToken(
  verifier: Pick<Verifier, 'format' | 'legacy'>,
  token: string,
): string | undefined {
  return presentedToken(verifier, token, [])?.digest;
}

/** Digests a token once, by the first format that it matches. */
function presentedToken(
  { format, legacy }: Pick<Verifier, 'format' | 'legacy'>,
  token: string,
  environments: readonly string[],
): PresentedToken | undefined {
  const prefix = parsePrefix(format, token);
  if (prefix) return { digest: digestToken(token), environment: prefix.environment, environments };
  for (const { digest: digestOf, environment } of legacy) {
    const digest = digestOf(token);
    if (digest !== undefined) return { digest, environment, environments };
  }
  return undefined;
}

function storeFailure(error: unknown): Verdict {
  return { ok: false, reason: 'unavailable', error };
}

/** Does the same work for an unknown key: a skipped step was measurable over HTTP, as 1 µs in 70. */
function decideVerdict(
  clock: Clock,
  key: VerifiableKey | undefined,
  presented: PresentedToken,
): Verdict {
  try {
    const fields = key ?? NO_KEY;
    const matches =
      typeof fields.digest === 'string' && digestsEqual(presented.digest, fields.digest);
    const intact = isIntact(fields);
    const at = clock.now();
    const reason = stateReason(fields, presented, at);
    if (!key || !matches) return { ok: false, reason: 'unknown' };
    if (!intact) {
      throw new KeywrightError('store_unavailable', 'the store returned a broken record');
    }
    if (reason) return { ok: false, reason, key };
    return { ok: true, key, principal: toPrincipal(key), at };
  } catch (error) {
    return storeFailure(error);
  }
}

/** The reason to refuse a key by its record alone; `undefined` if the record is accepted. */
function stateReason(
  key: DecidingFields,
  { environment = key.environment, environments }: PresentedToken,
  at: number,
): RefusalReason | undefined {
  const state = keyState(key, at);
  if (state !== 'active') return state;
  const accepted = key.environment === environment && environments.includes(environment);
  return accepted ? undefined : 'environment';
}

/** Checks the types of the deciding fields: an application's own store may return anything. */
function isIntact(key: DecidingFields): boolean {
  const { owner, scopes, enabled, expiresAt = 0, revokedAt = 0, replacedAt = 0 } = key;
  return (
    typeof owner === 'string' &&
    Array.isArray(scopes) &&
    typeof enabled === 'boolean' &&
    typeof expiresAt === 'number' &&
    typeof revokedAt === 'number' &&
    typeof replacedAt === 'number'
  );
}

/** Copies the fields of a principal, so that the caller may change them. */
function toPrincipal(key: VerifiableKey): Principal {
  const { id, name, owner, environment, scopes, metadata } = key;
  return {
    keyId: id,
    name,
    owner,
    environment,
    scopes: [...scopes],
    metadata: cloneJson(metadata),
  };
}
