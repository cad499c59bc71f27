import { hexToBytes } from '@noble/hashes/utils.js';
import { type Clock, systemClock, wholeClock } from '../clock.ts';
import { invalid } from '../errors.ts';
import { checkFields, checkInteger } from '../fields.ts';
import type { Session } from '../management/session.ts';
import { checkBoolean, checkOneOf, checkText } from '../service/arguments.ts';
import type { KeyStore } from '../store.ts';
import type { Algorithm, Digits } from './factor.ts';

/** 32 random bytes, as a `Uint8Array` or as 64 hex digits: `openssl rand -hex 32`. */
export type EncryptionKey = Uint8Array | string;

/** Options of `createTotp`. */
export interface TotpOptions {
  /** The store of the factors: the store of the keys, or another one. */
  readonly store: KeyStore;
  /** The key that seals factors. Do not keep it in the database of the store. */
  readonly encryptionKey: EncryptionKey;
  /** Further keys that only open factors, such as the previous or the next `encryptionKey`. Default: none. */
  readonly decryptionKeys?: readonly EncryptionKey[];
  /** The provider that authenticator apps show: 1 to 50 characters, without a colon. */
  readonly issuer: string;
  /** Returns the account that authenticator apps show. Default: the actor's `email`, `name` or `id`. */
  readonly accountName?: (session: Session) => string;
  /** Milliseconds for which guarded actions need no other code, 1,000 to 3,600,000. Default 300,000. */
  readonly validForMs?: number;
  /**
   * Whether users must enroll before they can create, rotate or revoke keys, or let a key do more. If
   * `false`, only users who have enrolled need a code. Default `true`.
   */
  readonly required?: boolean;
  /**
   * Returns the id of your application's session. A pass is then valid in that session only, and a correct
   * code clears only the wrong codes of that session. Default: neither is bound to a session.
   */
  readonly sessionId?: (request: Request) => string | Promise<string>;
  /** Set to `false` if browsers use plain HTTP on a host other than localhost. Default `true`. */
  readonly secureCookie?: boolean;
  /** The hash of new factors. Some authenticator apps support only the default, `SHA1`. */
  readonly algorithm?: Algorithm;
  /** The length of codes of new factors. Some authenticator apps do not support 8. Default 6. */
  readonly digits?: Digits;
  /** Default: system time. */
  readonly clock?: Clock;
}

/** The options, checked and with their defaults. */
export interface Settings {
  readonly store: KeyStore;
  /** First the key that seals, then the keys that only open. */
  readonly keys: readonly Uint8Array<ArrayBuffer>[];
  readonly issuer: string;
  readonly accountName: (session: Session) => string;
  readonly validForMs: number;
  readonly required: boolean;
  readonly sessionId: TotpOptions['sessionId'];
  readonly secureCookie: boolean;
  readonly algorithm: Algorithm;
  readonly digits: Digits;
  readonly clock: Clock;
}

const ALGORITHMS: readonly Algorithm[] = ['SHA1', 'SHA256', 'SHA512'];

const OPTIONS = [
  'store',
  'encryptionKey',
  'decryptionKeys',
  'issuer',
  'accountName',
  'validForMs',
  'required',
  'sessionId',
  'secureCookie',
  'algorithm',
  'digits',
  'clock',
];

/** @throws KeywrightError `invalid_argument` that names the option. */
export function settingsOf(options: TotpOptions): Settings {
  checkFields(options, 'options', OPTIONS);
  const { store, encryptionKey, decryptionKeys = [], issuer, sessionId } = options;
  const { accountName = nameOf, validForMs = 300_000, required = true } = options;
  const { secureCookie = true, algorithm = 'SHA1', digits = 6, clock = systemClock } = options;
  if (typeof store?.view !== 'function' || typeof store.commit !== 'function') {
    throw invalid('store', 'must be a KeyStore, such as postgresStore(pool)');
  }
  if (!Array.isArray(decryptionKeys)) throw invalid('decryptionKeys', 'must be an array of keys');
  if (typeof accountName !== 'function') throw invalid('accountName', 'must be a function');
  if (sessionId !== undefined && typeof sessionId !== 'function') {
    throw invalid('sessionId', 'must be a function');
  }
  if (typeof clock?.now !== 'function') throw invalid('clock.now', 'must be a function');
  return {
    store,
    keys: [
      bytesOf(encryptionKey, 'encryptionKey'),
      ...decryptionKeys.map((key, i) => bytesOf(key, `decryptionKeys[${i}]`)),
    ],
    issuer: checkIssuer(issuer),
    accountName,
    validForMs: checkInteger(validForMs, 'validForMs', 1000, 3_600_000),
    required: checkBoolean(required, 'required'),
    sessionId,
    secureCookie: checkBoolean(secureCookie, 'secureCookie'),
    algorithm: checkOneOf(algorithm, 'algorithm', ALGORITHMS),
    digits: checkDigits(digits),
    clock: wholeClock(clock),
  };
}

/** Copies the key, so that the application can overwrite its own. */
function bytesOf(key: unknown, argument: string): Uint8Array<ArrayBuffer> {
  if (key instanceof Uint8Array && key.length === 32) return Uint8Array.from(key);
  if (typeof key === 'string' && /^[0-9a-f]{64}$/i.test(key)) {
    return Uint8Array.from(hexToBytes(key));
  }
  throw invalid(argument, 'must be 32 bytes, or 64 hex digits');
}

/** Key URI Format: a colon separates issuer and account name, so neither may contain one. */
function checkIssuer(issuer: unknown): string {
  const text = checkText(issuer, 'issuer', 50);
  if (text.includes(':')) throw invalid('issuer', 'must not contain a colon');
  return text;
}

function checkDigits(digits: unknown): Digits {
  if (digits === 6 || digits === 8) return digits;
  throw invalid('digits', 'must be 6 or 8');
}

function nameOf({ actor }: Session): string {
  const { email, name, id } = actor;
  const [found = id] = [email, name].filter((text) => typeof text === 'string' && text !== '');
  return String(found);
}
