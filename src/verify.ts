import type { Clock } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { digestsEqual } from './digest/equal.ts';
import { digestToken } from './digest/sha256.ts';
import { KeywrightError } from './errors.ts';
import { cloneJson } from './json.ts';
import { keyState, type Principal, type StoredKey } from './record.ts';
import type { KeyStore } from './store.ts';
import type { TokenFormat } from './token/format.ts';
import { parsePrefix } from './token/parse.ts';

/**
 * Why a credential was refused: for the server's own eyes.
 *
 * - `absent`, `repeated`, `scheme`: no Authorization line, more than one, or not `Bearer <token>`
 * - `malformed`: no token of the service's format
 * - `unknown`: no key has the token's digest
 * - `revoked`, `expired`, `disabled`: the state of the key
 * - `environment`: a key of an environment that is not accepted here
 * - `insufficient_scope`: a good key that lacks a scope (403)
 * - `unavailable`: the store failed, was late or gave a broken record, so nothing is known (503)
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

/** The outcome of a verification, with what the hooks are told beside it. */
export type Verdict =
  | {
      readonly ok: true;
      readonly key: StoredKey;
      readonly principal: Principal;
      readonly at: number;
    }
  | {
      readonly ok: false;
      readonly reason: RefusalReason;
      readonly key?: StoredKey;
      readonly error?: unknown;
    };

export interface Verifier {
  readonly format: TokenFormat;
  readonly store: Pick<KeyStore, 'findByDigest'>;
  readonly clock: Clock;
  readonly storeTimeoutMs: number;
}

/** What a request presents, and where. */
interface Presented {
  readonly digest: string;
  readonly environment: string;
  readonly environments: readonly string[];
}

/** What decides of a key. */
type Judged = Pick<
  StoredKey,
  'digest' | 'owner' | 'scopes' | 'enabled' | 'expiresAt' | 'revokedAt' | 'replacedAt'
>;

/** What an unknown token is judged by, as if it were revoked. No SHA-256 in hex has this digest. */
const NO_KEY: Judged = {
  digest: '-'.repeat(64),
  owner: '',
  scopes: [],
  enabled: true,
  revokedAt: 0,
};

/**
 * The one path from a token to a verdict.
 *
 * Every well-formed token costs one digest, one look-up, one comparison and one look at the state,
 * whatever becomes of it, and the secret counts before the state: who does not hold a key learns
 * nothing of it.
 */
export function verifyToken(
  verifier: Verifier,
  token: string,
  environments: readonly string[],
): Verdict | Promise<Verdict> {
  const prefix = parsePrefix(verifier.format, token);
  if (prefix === undefined) return { ok: false, reason: 'malformed' };
  const presented = { digest: digestToken(token), environment: prefix.environment, environments };
  try {
    const found = verifier.store.findByDigest(presented.digest);
    // A store that has the answer at hand spares the timer, a promise and the turns.
    return isPromiseLike(found)
      ? judgeLater(verifier, found, presented)
      : judge(verifier, found, presented);
  } catch (error) {
    return { ok: false, reason: 'unavailable', error };
  }
}

async function judgeLater(
  verifier: Verifier,
  found: PromiseLike<StoredKey | undefined>,
  presented: Presented,
): Promise<Verdict> {
  try {
    return judge(verifier, await withDeadline(found, verifier.storeTimeoutMs), presented);
  } catch (error) {
    return { ok: false, reason: 'unavailable', error };
  }
}

/** @throws where nothing can be known: of the clock, and of a record that is broken. */
function judge({ clock }: Verifier, key: StoredKey | undefined, presented: Presented): Verdict {
  const { digest, environment, environments } = presented;
  const judged = key ?? NO_KEY;
  const matches = typeof judged.digest === 'string' && digestsEqual(digest, judged.digest);
  // For an unknown token too, which over HTTP was otherwise told from a revoked one by 1 µs in 70.
  const whole = isWhole(judged);
  const at = clock.now();
  const state = keyState(judged, at);
  if (!key || !matches) return { ok: false, reason: 'unknown' };
  if (!whole) throw new KeywrightError('store_unavailable', 'the store gave a broken record');
  if (state !== 'active') return { ok: false, reason: state, key };
  if (key.environment !== environment || !environments.includes(environment)) {
    return { ok: false, reason: 'environment', key };
  }
  return { ok: true, key, principal: principalOf(key), at };
}

/** Whether what decides is there, and of its kind: a store of the host's own may give anything. */
function isWhole(key: Judged): boolean {
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

/** Whom the key speaks for; a copy, which the caller may change. */
function principalOf(key: StoredKey): Principal {
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

function isPromiseLike<Result>(value: Result | PromiseLike<Result>): value is PromiseLike<Result> {
  return typeof (value as PromiseLike<Result> | undefined)?.then === 'function';
}
