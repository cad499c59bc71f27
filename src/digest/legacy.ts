import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';
import { portableHmac } from './portable-sha256.ts';
import { sha256Hex } from './sha256.ts';

/** A format of tokens that another system issued, whose digests were imported. */
export interface LegacyFormat {
  /** The environment of its keys; absent if each key has its own. */
  readonly environment?: string;
  /**
   * A regular expression that finds its tokens in a text. Absent if other words look alike: without a
   * prefix of three characters or more, and without `|` or `~` as a separator.
   */
  readonly pattern?: string;
  /** Returns the digest of a token of this format in lower-case hex, `undefined` for any other value. */
  digest(token: unknown): string | undefined;
}

/** Options of {@link legacyFormat}. */
export interface LegacyFormatOptions {
  /** The start of every token: `sk_live_`. Default: none. */
  readonly prefix?: string;
  /**
   * A character between a public part and the secret: `|` of `12|Zk3…` (Laravel Sanctum), `_` of
   * `brand_BRTRKFsL_51Fw…` (prefixed-api-key, with the prefix `brand_`). The public part has 1 to 64
   * letters and digits. Default: none, and the token is the prefix and the secret.
   */
  readonly separator?: string;
  /** The characters of the secret: one of three alphabets, or the characters themselves. */
  readonly alphabet: 'alphanumeric' | 'hex' | 'base64url' | (string & {});
  /** The number of characters of the secret, 16 to 255. */
  readonly length: number | { readonly min: number; readonly max: number };
  /** The digested part: the whole token (default), or only the secret. */
  readonly digested?: 'token' | 'secret';
  /** The key, if digests are HMAC-SHA256: bytes, or text as UTF-8. Default: SHA-256 without a key. */
  readonly hmacKey?: string | Uint8Array;
  /** The environment of all its keys. Default: each key has its own, from its import. */
  readonly environment?: string;
}

const OPTIONS = [
  'prefix',
  'separator',
  'alphabet',
  'length',
  'digested',
  'hmacKey',
  'environment',
] as const;

const ALPHABETS: Readonly<Record<string, string>> = {
  alphanumeric: '0-9A-Za-z',
  hex: '0-9A-Fa-f',
  base64url: '0-9A-Za-z_-',
};

const MIN_LENGTH = 16;
const MAX_LENGTH = 255;
const MIN_SPECIFIC_PREFIX = 3;

/**
 * Declares the tokens of a system that your keys come from, for the `legacy` option of `createApiKeys`.
 * Import their digests first. Each key is then found by the digest of its old token. A rotation issues a
 * token of the service's own format.
 *
 * A token of another shape is refused before the store is read. If the other system keeps digests as
 * base64url, the import converts them.
 *
 * @example
 * ```ts
 * // Laravel Sanctum: "12|" and 40 characters, of which SHA-256 is kept.
 * const sanctum = legacyFormat({
 *   separator: '|',
 *   alphabet: 'alphanumeric',
 *   length: { min: 40, max: 48 },
 *   digested: 'secret',
 *   environment: 'live',
 * });
 * const keys = createApiKeys({ format, store, environments: ['live'], legacy: [sanctum] });
 * ```
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function legacyFormat(options: LegacyFormatOptions): LegacyFormat {
  checkFields(options, 'options', OPTIONS);
  const { prefix = '', separator, digested = 'token', environment } = options;
  if (typeof prefix !== 'string' || !/^[\w.~+/-]{0,64}$/.test(prefix)) {
    throw invalid('prefix', 'must be at most 64 letters, digits and "-._~+/"');
  }
  if (separator !== undefined && !/^[|:._~-]$/.test(separator)) {
    throw invalid('separator', 'must be one of | : . _ ~ -');
  }
  if (digested !== 'token' && digested !== 'secret') {
    throw invalid('digested', "must be 'token' or 'secret'");
  }
  if (environment !== undefined && typeof environment !== 'string') {
    throw invalid('environment', 'must be a string');
  }
  const publicPart = separator === undefined ? '' : `[0-9A-Za-z]{1,64}${escaped(separator)}`;
  const alphabet = `[${alphabetOf(options.alphabet)}]`;
  const secret = `${alphabet}{${lengthsOf(options.length)}}`;
  const start = escaped(prefix) + publicPart;
  // Classes of fixed bounds without alternatives: the time is bounded by the length of a token.
  const shape = new RegExp(`^${start}(${secret})$`);
  const isSpecific = prefix.length >= MIN_SPECIFIC_PREFIX || /^[|~]$/.test(separator ?? '');
  const hash = hashOf(options.hmacKey);
  return Object.freeze({
    ...(environment !== undefined && { environment }),
    ...(isSpecific && { pattern: `(?<!\\w)${start}${secret}(?!${alphabet})` }),
    digest: (token: unknown) => {
      const match = typeof token === 'string' ? shape.exec(token) : null;
      return match ? hash(digested === 'token' ? match[0] : (match[1] as string)) : undefined;
    },
  });
}

function alphabetOf(alphabet: unknown): string {
  if (typeof alphabet === 'string') {
    const named = Object.hasOwn(ALPHABETS, alphabet) ? ALPHABETS[alphabet] : undefined;
    if (named !== undefined) return named;
    if (/^[\w.~+/-]{10,}$/.test(alphabet)) return escaped(alphabet);
  }
  throw invalid(
    'alphabet',
    "must be 'alphanumeric', 'hex', 'base64url', or 10 or more of the letters, digits and -._~+/",
  );
}

/** Returns the bounds of a quantifier in a regular expression: `40,48`. */
function lengthsOf(length: unknown): string {
  const { min, max } = typeof length === 'number' ? { min: length, max: length } : Object(length);
  const isRange = Number.isInteger(min) && Number.isInteger(max) && min <= max;
  if (!isRange || min < MIN_LENGTH || max > MAX_LENGTH) {
    const range = `${MIN_LENGTH} to ${MAX_LENGTH}`;
    throw invalid('length', `must be a whole number from ${range}, or { min, max } of such`);
  }
  return `${min},${max}`;
}

function hashOf(key: unknown): (text: string) => string {
  if (key === undefined) return sha256Hex;
  const bytes = typeof key === 'string' ? new TextEncoder().encode(key) : key;
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) {
    throw invalid('hmacKey', 'must be a non-empty string or Uint8Array');
  }
  const copy = Uint8Array.from(bytes);
  return (text) => portableHmac(copy, text);
}

function escaped(text: string): string {
  return text.replace(/[|.+/~:-]/g, '\\$&');
}
