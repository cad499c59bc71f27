import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from '../digest/canonical.ts';
import { invalid } from '../errors.ts';
import type { SecondFactorCall } from '../management/step-up.ts';
import type { Factor } from './factor.ts';
import type { KeyRing } from './key-ring.ts';
import type { Settings } from './options.ts';

/** By so much the clocks of processes may differ. */
const SKEW_MS = 60_000;

/** Whom a pass is for. */
interface Bearer {
  readonly owner: string;
  readonly actorId: string;
  /** The host's session, where the host tells it. */
  readonly session: string | null;
}

/**
 * What somebody who has presented a code carries for a while: a cookie of its own beside that of the
 * host's session, so that whoever has stolen that one has passed nothing.
 *
 * It holds its end and an HMAC (RFC 2104) over that, the owner, the actor, the enrollment and, where
 * the host tells it, the session. So it is no good for anybody else, nor once the factor is gone,
 * and it holds in every process that has the host's key.
 */
export class Passes {
  readonly #settings: Settings;
  readonly #ring: KeyRing;
  readonly #name: string;
  readonly #attributes: string;

  constructor(settings: Settings, ring: KeyRing) {
    this.#settings = settings;
    this.#ring = ring;
    // RFC 6265bis §4.1.3.2: a browser takes a cookie of this name over TLS and from this host alone.
    this.#name = settings.secureCookie ? '__Host-keywright_factor' : 'keywright_factor';
    const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict'];
    this.#attributes = [...attributes, ...(settings.secureCookie ? ['Secure'] : [])].join('; ');
  }

  async bearerOf({ request, session: { owner, actor } }: SecondFactorCall): Promise<Bearer> {
    const { sessionId } = this.#settings;
    const session = sessionId === undefined ? null : checkSession(await sessionId(request));
    return { owner, actorId: actor.id, session };
  }

  /** The headers that give a pass. */
  async give(bearer: Bearer, factor: Factor): Promise<Record<string, string>> {
    const { validForMs, clock } = this.#settings;
    const endsAt = clock.now() + validForMs;
    const { sign } = await this.#ring.current();
    const text = textOf(bearer, factor, endsAt);
    const signature = new Uint8Array(await crypto.subtle.sign('HMAC', sign, text));
    return this.#cookie(`${endsAt}.${bytesToHex(signature)}`, Math.ceil(validForMs / 1000));
  }

  /** The headers that take it back. */
  take(): Record<string, string> {
    return this.#cookie('', 0);
  }

  /** Whether the request has a pass for this factor. */
  async isGiven(call: SecondFactorCall, factor: Factor): Promise<boolean> {
    const cookies = cookiesOf(call.request, this.#name);
    if (cookies.length === 0) return false;
    const bearer = await this.bearerOf(call);
    for (const value of cookies) {
      const [, end = '', signature = ''] = /^(\d{1,15})\.([0-9a-f]{64})$/.exec(value) ?? [];
      if (end !== '' && this.#lasts(Number(end))) {
        if (await this.#isSigned(textOf(bearer, factor, Number(end)), signature)) return true;
      }
    }
    return false;
  }

  #lasts(endsAt: number): boolean {
    const { validForMs, clock } = this.#settings;
    const left = endsAt - clock.now();
    // No pass was given for longer, so a clock that was set back makes none last.
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

/** What passes in one session must not pass in one that nobody could name. */
function checkSession(session: unknown): string {
  if (typeof session === 'string' && session !== '') return session;
  throw invalid('sessionId', 'must give a text');
}

/** The values of the cookies of a name: RFC 6265 §5.4 allows several. */
function cookiesOf({ headers }: Request, name: string): string[] {
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
