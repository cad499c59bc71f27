import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from '../digest/canonical.ts';
import { KeywrightError } from '../errors.ts';
import type { FactorRef } from '../record.ts';
import type { Factor } from './factor.ts';
import type { KeyRing } from './key-ring.ts';

// NIST SP 800-38D §8.2.2: 96 random bits, good for 2^32 documents under one key.
const IV_BYTES = 12;

const encoder = new TextEncoder();

/**
 * Encrypts the factor with AES-256-GCM and the application's key. The owner and the actor are additional
 * data, so the result opens only for them.
 */
export async function sealFactor(ring: KeyRing, ref: FactorRef, factor: Factor): Promise<string> {
  const { id, seal } = await ring.current();
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const plain = encoder.encode(JSON.stringify(factor));
  const sealed = await crypto.subtle.encrypt(algorithm(iv, ref), seal, plain);
  return ['1', id, bytesToHex(iv), bytesToHex(new Uint8Array(sealed))].join('.');
}

/** @throws KeywrightError `factor_unreadable` if the value was not sealed for this owner and actor. */
export async function openFactor(ring: KeyRing, ref: FactorRef, value: string): Promise<Factor> {
  const [version, id = '', iv = '', sealed = ''] = value.split('.');
  const keys = await ring.find(id);
  if (version !== '1' || keys === undefined) {
    throw unreadable('is sealed with a key that is neither encryptionKey nor in decryptionKeys');
  }
  try {
    const parameters = algorithm(Uint8Array.from(hexToBytes(iv)), ref);
    const bytes = Uint8Array.from(hexToBytes(sealed));
    const plain = await crypto.subtle.decrypt(parameters, keys.seal, bytes);
    // Older factors have no list of wrong codes.
    return { misses: [], ...JSON.parse(new TextDecoder().decode(plain)) };
  } catch (cause) {
    throw unreadable('was altered, or was sealed for another owner or actor', cause);
  }
}

function algorithm(iv: Uint8Array<ArrayBuffer>, { owner, actorId }: FactorRef) {
  const additionalData = encoder.encode(canonicalJson(['keywright.totp.1', owner, actorId]));
  return { name: 'AES-GCM', iv, additionalData };
}

function unreadable(why: string, cause?: unknown): KeywrightError {
  return new KeywrightError('factor_unreadable', `the second factor ${why}`, { cause });
}
