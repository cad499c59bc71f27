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
 * A request that is repeated with the same Idempotency-Key is taken for one whose answer was lost:
 * nobody has seen the token, and nothing can show it again. The key that came of it is revoked, and
 * a new one takes its place, so that of all repetitions one living key is left.
 *
 * Which key that is must be known to every process on the store. So its id is derived from owner,
 * actor, operation and Idempotency-Key, and the store, where ids are unique, decides between
 * requests at once.
 */

/** For how long a repetition counts as one; after it, an Idempotency-Key is as good as new. */
const WINDOW_MS = 86_400_000;

const REASON = 'its answer was lost';
const MAX_ATTEMPTS = 100;
const ID_LENGTH = 23;
const TAG_LENGTH = 12; // 71 bits
const TERMS_LENGTH = 5; // 30 bits, to notice that a client repeats itself with other terms

/** Who repeats what, and when. */
export interface Repetition {
  readonly owner: string;
  readonly idempotencyKey: string;
  readonly now: number;
  /** Asked for room once the lost key is out of the way. */
  readonly makeRoom: () => Promise<void>;
}

/** A key to be created. */
export type WantedKey = Omit<NewKey, 'owner' | 'id' | 'transaction'>;

/** The terms of a rotation. */
export type WantedRotation = Omit<RotateOptions, 'id' | 'transaction'>;

/**
 * Creates a key, however often it is asked to.
 *
 * The ids of the attempts are numbered, and attempt n is made only once those before it are dead, so
 * at most one of them lives.
 *
 * @throws Refusal `idempotency_mismatch`, `idempotency_conflict`
 */
export async function createOnce(
  keys: OwnerKeys,
  wanted: WantedKey,
  repetition: Repetition,
): Promise<CreatedKey> {
  const { owner, idempotencyKey, now, makeRoom } = repetition;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const text = digestText(['create', owner, wanted.actor.id, idempotencyKey, attempt]);
    const id = `key_${text.slice(0, ID_LENGTH)}`;
    let earlier = await keys.get(id);
    if (earlier === undefined) {
      await makeRoom();
      try {
        return await keys.create({ ...wanted, id });
      } catch (error) {
        if (!hasCode(error, 'digest_taken')) throw error;
        earlier = await keys.get(id); // another process was faster
        if (earlier === undefined) throw error;
      }
    }
    if (now - earlier.createdAt < WINDOW_MS) {
      if (!(await isWanted(keys, earlier, wanted))) throw mismatch();
      await giveUp(keys, earlier, wanted);
    }
  }
  throw new Refusal('idempotency_conflict', 'This Idempotency-Key has been used too often.');
}

/**
 * Rotates a key, however often it is asked to.
 *
 * The store lets a key have one living successor, and the successor's id tells which request it
 * came of, and on what terms.
 *
 * @throws Refusal `idempotency_mismatch`, `idempotency_conflict`
 */
export async function rotateOnce(
  keys: OwnerKeys,
  id: string,
  wanted: WantedRotation,
  repetition: Repetition,
): Promise<RotatedKey> {
  const { owner, idempotencyKey, now, makeRoom } = repetition;
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
      await giveUp(keys, lost, wanted);
    }
    await makeRoom();
    try {
      return await keys.rotate(id, { ...termsAfter(wanted, lost), id: nextId(marked, last) });
    } catch (error) {
      // Another process rotated in between: if for the same request, its key is the lost one now.
      const raced = hasCode(error, 'key_replaced') || hasCode(error, 'digest_taken');
      if (!raced || (last !== undefined && lost === undefined) || attempt === MAX_ATTEMPTS) {
        throw error;
      }
    }
  }
}

/**
 * The first rotation may have cut the life of the key short, for its grace; what the successor
 * inherits is what the lost one had.
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

/** Revokes a key that nobody can have the token of. */
async function giveUp(
  keys: OwnerKeys,
  lost: KeyRecord,
  { actor }: Pick<WantedKey, 'actor'>,
): Promise<void> {
  if (lost.revokedAt !== undefined) return;
  if (lost.lastUsedAt !== undefined || lost.replacedBy !== undefined) {
    throw new Refusal(
      'idempotency_conflict',
      'The key that this request made is in use already, so its answer was not lost.',
    );
  }
  await keys.revoke(lost.id, { actor, reason: REASON });
}

/** Whether the key is what the request would make. */
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
    'This Idempotency-Key came with another body before. Take a new one for a new request.',
  );
}

/** The digest of the parts as alphanumeric text. */
function digestText(parts: readonly JsonValue[]): string {
  let rest = BigInt(`0x${sha256Hex(canonicalJson(parts))}`);
  let text = '';
  for (; rest > 0n; rest /= 62n) text += ALPHABET.charAt(Number(rest % 62n));
  return text;
}
