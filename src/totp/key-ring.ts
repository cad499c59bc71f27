import { bytesToHex } from '@noble/hashes/utils.js';

/** WebCrypto's `CryptoKey`. Not every runtime has a global type for it. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** The keys derived from one key of the application, one for each purpose, and an id to find them by. */
interface DerivedKeys {
  readonly id: string;
  /** AES-256-GCM. */
  readonly seal: Key;
  /** HMAC-SHA-256. */
  readonly sign: Key;
}

/** The application's keys. They are derived on first use, because WebCrypto is asynchronous. */
export class KeyRing {
  readonly #secrets: readonly Uint8Array<ArrayBuffer>[];
  #derived: Promise<readonly DerivedKeys[]> | undefined;

  /** @param secrets first the key that seals and signs, then the keys that only open and verify */
  constructor(secrets: readonly Uint8Array<ArrayBuffer>[]) {
    this.#secrets = secrets;
  }

  async current(): Promise<DerivedKeys> {
    const [first] = await this.all();
    return first as DerivedKeys;
  }

  async find(id: string): Promise<DerivedKeys | undefined> {
    return (await this.all()).find((keys) => keys.id === id);
  }

  all(): Promise<readonly DerivedKeys[]> {
    this.#derived ??= Promise.all(this.#secrets.map(derive));
    return this.#derived;
  }
}

/** HKDF (RFC 5869 §2): derives independent keys, and an id that reveals nothing about them. */
async function derive(secret: Uint8Array<ArrayBuffer>): Promise<DerivedKeys> {
  const { subtle } = crypto;
  const root = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey', 'deriveBits']);
  const [id, seal, sign] = await Promise.all([
    subtle.deriveBits(hkdf('id'), root, 64),
    subtle.deriveKey(hkdf('seal'), root, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
    subtle.deriveKey(hkdf('sign'), root, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, [
      'sign',
      'verify',
    ]),
  ]);
  return { id: bytesToHex(new Uint8Array(id)), seal, sign };
}

function hkdf(purpose: string) {
  const info = new TextEncoder().encode(`keywright.totp.${purpose}`);
  return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
}
