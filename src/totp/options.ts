import { hexToBytes } from '@noble/hashes/utils.js';
import { type Clock, systemClock, wholeClock } from '../clock.ts';
import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';
import type { Session } from '../management/session.ts';
import { checkBoolean, checkInteger, checkOneOf, checkText } from '../service/arguments.ts';
import type { FactorStore, KeyStore } from '../store.ts';
import type { Algorithm, Digits } from './factor.ts';

/** 32 random bytes, as they are or as 64 hex digits: `openssl rand -hex 32`. */
export type EncryptionKey = Uint8Array | string;

/** What the second factor is made of. */
export interface TotpOptions {
  /** Where factors are kept: the store of the keys, if it has a place for them. */
  readonly store: KeyStore;
  /** What factors are sealed with. Keep it out of the database that the store is in. */
  readonly encryptionKey: EncryptionKey;
  /** Further keys, which open what was sealed with them before, or will be. Default none. */
  readonly decryptionKeys?: readonly EncryptionKey[];
  /** What authenticators call the account's provider: 1 to 50 characters, without a colon. */
  readonly issuer: string;
  /** What authenticators call the account. Default: the actor's `email`, `name` or `id`. */
  readonly accountName?: (session: Session) => string;
  /** Milliseconds for which guarded actions are let through, 1,000 to 3,600,000. Default 300,000. */
  readonly validForMs?: number;
  /**
   * Whether keys are made, rotated and revoked by those alone who have a factor. If `false`, each
   * user chooses: guarded is who has enrolled. Default `true`.
   */
  readonly required?: boolean;
  /** The id of the host's session, for a pass to hold in that session alone. Default: not bound to one. */
  readonly sessionId?: (request: Request) => string | Promise<string>;
  /** `false` where browsers reach the host over plain HTTP, and not on localhost. Default `true`. */
  readonly secureCookie?: boolean;
  /** For factors to come. Not all authenticators know another than the default, `SHA1`. */
  readonly algorithm?: Algorithm;
  /** For factors to come. Not all authenticators know 8. Default 6. */
  readonly digits?: Digits;
  /** Default: the wall clock. */
  readonly clock?: Clock;
}

/** The options, checked and with their defaults. */
export interface Settings {
  readonly factors: FactorStore;
  /** The key that seals, and then those that only open. */
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
  if (typeof store?.factors?.write !== 'function') {
    throw invalid('store', 'must be one with a place for second factors');
  }
  if (!Array.isArray(decryptionKeys)) throw invalid('decryptionKeys', 'must be an array of keys');
  if (typeof accountName !== 'function') throw invalid('accountName', 'must be a function');
  if (sessionId !== undefined && typeof sessionId !== 'function') {
    throw invalid('sessionId', 'must be a function');
  }
  if (typeof clock?.now !== 'function') throw invalid('clock.now', 'must be a function');
  return {
    factors: store.factors,
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

/** A copy, which the host may then overwrite its own of. */
function bytesOf(key: unknown, argument: string): Uint8Array<ArrayBuffer> {
  if (key instanceof Uint8Array && key.length === 32) return Uint8Array.from(key);
  if (typeof key === 'string' && /^[0-9a-f]{64}$/i.test(key)) {
    return Uint8Array.from(hexToBytes(key));
  }
  throw invalid(argument, 'must be 32 bytes, or 64 hex digits');
}

/** Key URI Format: neither issuer nor account name may hold a colon, which parts them. */
function checkIssuer(issuer: unknown): string {
  const text = checkText(issuer, 'issuer', 50);
  if (text.includes(':')) throw invalid('issuer', 'must not hold a colon');
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
