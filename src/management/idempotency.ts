import { canonicalJson } from '../digest/canonical.ts';
import { sha256Hex } from '../digest/sha256.ts';
import { hasCode } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { KeyRecord } from '../record.ts';
import type { CreatedKey, OwnerKeys, RotatedKey } from '../service/contract.ts';
import type { NewKey, RotateOptions } from '../service/input.ts';
import { ALPHABET } from '../token/random.ts';
import { notFound, Refusal } from './refusal.ts';

/*
 * A request repeated with the same Idempotency-Key means that the first response was lost: the client
 * has not seen the token, and it cannot be shown again. The key of the first request is revoked and a
 * new one is created, so that one living key is left, however often the request is repeated.
 *
 * Every process on the store must find that key. So its id is derived from owner, actor, operation and
 * Idempotency-Key. Ids are unique in the store, so the store decides between concurrent requests.
 */

/** How long a request counts as repeated. Afterwards, its Idempotency-Key can be used again. */
const WINDOW_MS = 86_400_000;

const REASON = 'its answer was lost';
const MAX_ATTEMPTS = 100;
const ID_LENGTH = 23;
const TAG_LENGTH = 12; // 71 bits
const TERMS_LENGTH = 5; // 30 bits, to detect a repetition with other terms

/** A request with an Idempotency-Key. */
export interface Repetition {
  readonly owner: string;
  readonly idempotencyKey: string;
  readonly now: number;
  /** Checks the quota. Called after the lost key has been revoked. */
  readonly assertRoom: () => Promise<void>;
  /** Writes this process's pending times of use to the store. */
  readonly flush: () => Promise<void>;
}

/** A key to create, as JSON: times are epoch milliseconds. */
export type WantedKey = Omit<NewKey, 'owner' | 'id' | 'transaction' | 'expiresAt'> & {
  readonly expiresAt?: number;
};

/** The terms of a rotation. */
export type WantedRotation = Omit<RotateOptions, 'id' | 'transaction' | 'expiresAt'> & {
  readonly expiresAt?: number | null;
};

/**
 * Creates one key, however often the request is repeated.
 *
 * The ids of the attempts are numbered. Attempt n creates a key only after all earlier keys within the
 * window have been revoked, so at most one of them lives.
 *
 * @throws Refusal `idempotency_mismatch`, `idempotency_conflict`
 */
export async function createOnce(
  keys: OwnerKeys,
  wanted: WantedKey,
  repetition: Repetition,
): Promise<CreatedKey> {
  const { owner, idempotencyKey, now, assertRoom, flush } = repetition;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const text = digestText(['create', owner, wanted.actor.id, idempotencyKey, attempt]);
    const id = `key_${text.slice(0, ID_LENGTH)}`;
    let earlier = await keys.get(id);
    if (earlier === undefined) {
      await assertRoom();
      try {
        return await keys.create({ ...wanted, id });
      } catch (error) {
        if (!hasCode(error, 'digest_taken')) throw error;
        earlier = await keys.get(id); // another process created it first
        if (earlier === undefined) throw error;
      }
    }
    if (now - earlier.createdAt < WINDOW_MS) {
      if (!(await isWanted(keys, earlier, wanted))) throw mismatch();
      await revokeLost(keys, earlier, wanted, flush);
    }
  }
  throw new Refusal('idempotency_conflict', 'This Idempotency-Key has been used too often.');
}

/**
 * Rotates a key once, however often the request is repeated.
 *
 * The store lets a key have one living successor. The successor's id contains a digest of the request
 * that created it, and one of the terms.
 *
 * @throws Refusal `idempotency_mismatch`, `idempotency_conflict`
 */
export async function rotateOnce(
  keys: OwnerKeys,
  id: string,
  wanted: WantedRotation,
  repetition: Repetition,
): Promise<RotatedKey> {
  const { owner, idempotencyKey, now, assertRoom, flush } = repetition;
  const tag = digestText(['rotate', owner, wanted.actor.id, id, idempotencyKey]);
  const mark = `key_${tag.slice(0, TAG_LENGTH)}`;
  const marked = mark + termsText(wanted);
  for (let attempt = 1; ; attempt++) {
    const key = await keys.get(id);
    if (key === undefined) throw notFound();
    const last = key.replacedBy === undefined ? undefined : await keys.get(key.replacedBy);
    const lost = last?.id.startsWith(mark) && now - last.createdAt < WINDOW_MS ? last : undefined;
    if (lost !== undefined) {
      if (!lost.id.startsWith(marked)) throw mismatch();
      await revokeLost(keys, lost, wanted, flush);
    }
    await assertRoom();
    try {
      return await keys.rotate(id, { ...termsAfter(wanted, lost), id: nextId(marked, last) });
    } catch (error) {
      // Another process rotated the key. If it was the same request, the next attempt revokes its key.
      const raced = hasCode(error, 'key_replaced') || hasCode(error, 'digest_taken');
      if (!raced || (last !== undefined && lost === undefined) || attempt === MAX_ATTEMPTS) {
        throw error;
      }
    }
  }
}

/**
 * The first rotation may have shortened the old key's life to its grace period. So the successor
 * takes its expiry from the lost key.
 */
function termsAfter(wanted: WantedRotation, lost: KeyRecord | undefined): WantedRotation {
  return lost === undefined ? wanted : { ...wanted, expiresAt: lost.expiresAt ?? null };
}

function nextId(marked: string, last: KeyRecord | undefined): string {
  const rest = digestText([marked, last?.id ?? null]);
  return marked + rest.slice(0, ID_LENGTH - TAG_LENGTH - TERMS_LENGTH);
}

function termsText({ graceMs, expiresAt, reason }: WantedRotation): string {
  const terms = [graceMs ?? null, expiresAt === undefined ? '' : expiresAt, reason ?? null];
  return digestText(terms).slice(0, TERMS_LENGTH);
}

/**
 * Revokes a key whose token was lost. Times of use are written in batches, so this process flushes its
 * own first. A use in another process shows after the flush interval of that process.
 */
async function revokeLost(
  keys: OwnerKeys,
  lost: KeyRecord,
  { actor }: Pick<WantedKey, 'actor'>,
  flush: () => Promise<void>,
): Promise<void> {
  if (lost.revokedAt !== undefined) return;
  await flush();
  const { lastUsedAt, replacedBy } = (await keys.get(lost.id)) ?? lost;
  if (lastUsedAt !== undefined || replacedBy !== undefined) {
    throw new Refusal(
      'idempotency_conflict',
      'The key that this request created is already in use, so its response was not lost.',
    );
  }
  await keys.revoke(lost.id, { actor, reason: REASON });
}

/** Whether the key matches what the request would create. */
async function isWanted(keys: OwnerKeys, key: KeyRecord, wanted: WantedKey): Promise<boolean> {
  const { name, environment, scopes = [], metadata = {}, expiresAt = null } = wanted;
  const asked = [name, environment, [...new Set(scopes)], metadata, expiresAt, true];
  const made = [key.name, key.environment, key.scopes, key.metadata, key.expiresAt ?? null];
  if (canonicalJson(asked) !== canonicalJson([...made, key.enabled])) return false;
  const { items } = await keys.activity({ keyId: key.id, action: 'key.created', limit: 1 });
  return items[0]?.reason === wanted.reason;
}

function mismatch(): Refusal {
  return new Refusal(
    'idempotency_mismatch',
    'This Idempotency-Key was sent before with another body. Use a new one for a new request.',
  );
}

/** The digest of the parts, in base 62. */
function digestText(parts: readonly JsonValue[]): string {
  let rest = BigInt(`0x${sha256Hex(canonicalJson(parts))}`);
  let text = '';
  for (; rest > 0n; rest /= 62n) text += ALPHABET.charAt(Number(rest % 62n));
  return text;
}
