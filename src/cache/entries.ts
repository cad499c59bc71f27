import { LRUCache } from 'lru-cache';
import { frozenCopy } from '../json.ts';
import type { VerifiableKey } from '../record.ts';

interface Entry {
  readonly key: VerifiableKey;
  /** Monotonic milliseconds at which the entry expires. Reads do not extend it. */
  readonly endsAt: number;
}

/** The records that a process caches, by digest and by id. */
export class Entries {
  readonly #byDigest: LRUCache<string, Entry>;
  /** The digest of each cached key, by its id. */
  readonly #digests = new Map<string, string>();
  readonly #maxAgeMs: number;

  constructor({ maxKeys, maxAgeMs }: { readonly maxKeys: number; readonly maxAgeMs: number }) {
    this.#maxAgeMs = maxAgeMs;
    this.#byDigest = new LRUCache({
      max: maxKeys,
      noDisposeOnSet: true,
      dispose: ({ key }, digest) => {
        if (this.#digests.get(key.id) === digest) this.#digests.delete(key.id);
      },
    });
  }

  get size(): number {
    return this.#byDigest.size;
  }

  get(digest: string, mono: number): VerifiableKey | undefined {
    const entry = this.#byDigest.get(digest);
    return entry !== undefined && mono < entry.endsAt ? entry.key : undefined;
  }

  set(key: VerifiableKey, mono: number): void {
    const kept = decisiveFields(key);
    const former = this.#digests.get(kept.id);
    if (former !== undefined && former !== kept.digest) this.#byDigest.delete(former);
    this.#digests.set(kept.id, kept.digest);
    this.#byDigest.set(kept.digest, { key: kept, endsAt: mono + this.#maxAgeMs });
  }

  /** R2: drops by id, as the digest of a key may have changed. Returns the number of dropped entries. */
  dropIds(ids: readonly string[]): number {
    let dropped = 0;
    for (const id of ids) {
      const digest = this.#digests.get(id);
      if (digest !== undefined && this.#byDigest.delete(digest)) dropped++;
    }
    return dropped;
  }

  dropWhere(isDropped: (key: VerifiableKey) => boolean): number {
    let dropped = 0;
    for (const [digest, { key }] of this.#byDigest.entries()) {
      if (isDropped(key) && this.#byDigest.delete(digest)) dropped++;
    }
    return dropped;
  }

  clear(): number {
    const dropped = this.#byDigest.size;
    this.#byDigest.clear();
    this.#digests.clear();
    return dropped;
  }
}

/** Copies the fields that decide a verification, and those of principals and deprecation headers. */
function decisiveFields(key: VerifiableKey): VerifiableKey {
  const { id, digest, name, owner, environment, scopes, metadata, enabled } = key;
  const { expiresAt, revokedAt, replacedBy, replacedAt } = key;
  return Object.freeze({
    ...{ id, digest, name, owner, environment, enabled },
    scopes: frozenCopy(scopes),
    metadata: frozenCopy(metadata),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(revokedAt !== undefined && { revokedAt }),
    ...(replacedBy !== undefined && { replacedBy }),
    ...(replacedAt !== undefined && { replacedAt }),
  });
}
