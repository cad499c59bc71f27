import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from '../digest/canonical.ts';
import { sha256Hex } from '../digest/sha256.ts';
import { invalid } from '../errors.ts';
import type { SecondFactorCall } from '../management/step-up.ts';
import type { Factor } from './factor.ts';
import type { KeyRing } from './key-ring.ts';
import type { Settings } from './options.ts';

/** How much the clocks of processes may differ. */
const SKEW_MS = 60_000;

/** The person and the session that a pass is for. */
export interface Bearer {
  readonly owner: string;
  readonly actorId: string;
  /** The id of the application's session; `null` without the option `sessionId`. */
  readonly session: string | null;
}

/**
 * Issues and checks passes. A pass is a cookie that shows that the user presented a code a short time ago.
 * It is separate from the cookie of the application's session, so a thief of that one has no pass.
 *
 * A pass contains its expiry and an HMAC (RFC 2104) over the expiry, the owner, the actor, the enrollment
 * and the session, if `sessionId` is set. So it is valid for this person only, and only while the factor
 * exists. Every process that has the application's key accepts it.
 */
export class Passes {
  readonly #settings: Settings;
  readonly #ring: KeyRing;
  readonly #name: string;
  readonly #attributes: string;

  constructor(settings: Settings, ring: KeyRing) {
    this.#settings = settings;
    this.#ring = ring;
    // RFC 6265bis §4.1.3.2: browsers accept this prefix only over TLS and only from this host.
    this.#name = settings.secureCookie ? '__Host-keywright_factor' : 'keywright_factor';
    const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict'];
    this.#attributes = [...attributes, ...(settings.secureCookie ? ['Secure'] : [])].join('; ');
  }

  async bearerOf({ request, session: { owner, actor } }: SecondFactorCall): Promise<Bearer> {
    const { sessionId } = this.#settings;
    const session = sessionId === undefined ? null : checkSession(await sessionId(request));
    return { owner, actorId: actor.id, session };
  }

  /** Returns the headers that set a pass. */
  async issue(bearer: Bearer, factor: Factor): Promise<Record<string, string>> {
    const { validForMs, clock } = this.#settings;
    const endsAt = clock.now() + validForMs;
    const { sign } = await this.#ring.current();
    const text = textOf(bearer, factor, endsAt);
    const signature = new Uint8Array(await crypto.subtle.sign('HMAC', sign, text));
    return this.#cookie(`${endsAt}.${bytesToHex(signature)}`, Math.ceil(validForMs / 1000));
  }

  /** Returns the headers that delete the pass. */
  clear(): Record<string, string> {
    return this.#cookie('', 0);
  }

  /** Whether the request has a valid pass for this factor. */
  async isValid(call: SecondFactorCall, factor: Factor): Promise<boolean> {
    const cookies = cookiesOf(call.request, this.#name);
    if (cookies.length === 0) return false;
    const bearer = await this.bearerOf(call);
    for (const value of cookies) {
      const [, end = '', signature = ''] = /^(\d{1,15})\.([0-9a-f]{64})$/.exec(value) ?? [];
      if (end !== '' && this.#isCurrent(Number(end))) {
        if (await this.#isSigned(textOf(bearer, factor, Number(end)), signature)) return true;
      }
    }
    return false;
  }

  #isCurrent(endsAt: number): boolean {
    const { validForMs, clock } = this.#settings;
    const left = endsAt - clock.now();
    // No pass lasts longer, so setting the clock back does not extend one.
    return left > 0 && left <= validForMs + SKEW_MS;
  }

  async #isSigned(text: Uint8Array<ArrayBuffer>, signature: string): Promise<boolean> {
    const bytes = Uint8Array.from(hexToBytes(signature));
    for (const { sign } of await this.#ring.all()) {
      if (await crypto.subtle.verify('HMAC', sign, bytes, text)) return true;
    }
    return false;
  }

  #cookie(value: string, maxAge: number): Record<string, string> {
    return { 'Set-Cookie': `${this.#name}=${value}; Max-Age=${maxAge}; ${this.#attributes}` };
  }
}

function textOf({ owner, actorId, session }: Bearer, factor: Factor, endsAt: number) {
  const facts = ['keywright.pass.1', owner, actorId, factor.id, endsAt, session];
  return new TextEncoder().encode(canonicalJson(facts));
}

/** Identifies the session of a bearer without revealing its id; `null` if there is none. */
export function sessionTag({ session }: Bearer): string | null {
  if (session === null) return null;
  return sha256Hex(canonicalJson(['keywright.session.1', session])).slice(0, 16);
}

/** Rejects an empty id, because a pass would then be valid in every session without an id. */
function checkSession(session: unknown): string {
  if (typeof session === 'string' && session !== '') return session;
  throw invalid('sessionId', 'must return a string that is not empty');
}

/** The values of the cookies of a name: RFC 6265 §5.4 allows several. */
function cookiesOf({ headers }: Request, name: string): string[] {
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
