import { defined, type JsonObject } from '../json.ts';
import type { ActivityEvent, Actor, ChainHead } from '../record.ts';
import { systemText } from '../token/random.ts';
import { canonicalJson } from './canonical.ts';
import { sha256Hex } from './sha256.ts';

/** The head of an owner's chain before the first event. */
export const EMPTY_HEAD: ChainHead = Object.freeze({ sequence: 0, digest: '0'.repeat(64) });

/** An event that is not in the chain yet. */
export type UnsealedEvent = Omit<ActivityEvent, 'id' | 'sequence' | 'salt' | 'erased'>;

/** 22 alphanumeric characters are 131 bits: erased data cannot be found by trying values. */
const SALT_LENGTH = 22;

/** Replaces an erased actor. */
export const ERASED_ACTOR: Actor = Object.freeze({ id: '[erased]' });

/**
 * Appends the event to `head`. Its id is the digest that the next event links to.
 *
 * The canonical form, version 1, frozen: with `H` the SHA-256 of canonical JSON (RFC 8785) in hex,
 *
 *     payloadDigest = H([salt, { actor, change, keyName, reason }])
 *     id            = H(["keywright.activity.1", owner, sequence, previous,
 *                        at, action, keyId, successorId, graceEndsAt, payloadDigest])
 *
 * where `previous` is the id of the event before, or 64 zeros. Members that the event does not have are left
 * out of the payload, and `null` in the list. The events alone are enough to verify the chain. It still
 * verifies after a payload has been erased with its salt.
 */
export function sealEvent(head: ChainHead, event: UnsealedEvent): ActivityEvent {
  const salt = systemText(SALT_LENGTH);
  const sequence = head.sequence + 1;
  const id = linkOf(head.digest, { ...event, sequence }, digestPayload(salt, event));
  return { id, sequence, ...event, salt };
}

/** Returns the head of the chain whose newest event is `event`. */
export function headAfter(event: ActivityEvent): ChainHead {
  return { sequence: event.sequence, digest: event.id };
}

/** Whether `event` follows `head` unaltered. An erased event still does. */
export function followsHead(head: ChainHead, event: ActivityEvent): boolean {
  const { sequence, salt, erased } = event;
  if (sequence !== head.sequence + 1 || (erased && !isErased(event))) return false;
  const payloadDigest = erased?.payloadDigest ?? digestPayload(salt, event);
  return event.id === linkOf(head.digest, event, payloadDigest);
}

/** Returns the event without its actor, key name, reason and new values. It still follows its head. */
export function eraseEvent(event: ActivityEvent): ActivityEvent {
  if (event.erased !== undefined) return event;
  const { salt, keyName, reason, change, ...facts } = event;
  const payloadDigest = digestPayload(salt, event);
  return { ...facts, actor: ERASED_ACTOR, erased: { payloadDigest } };
}

/** Whether an erased event has no payload, which its digest would no longer cover. */
function isErased({ actor, salt, keyName, reason, change }: ActivityEvent): boolean {
  const isLeft = [salt, keyName, reason, change].some((member) => member !== undefined);
  return !isLeft && canonicalJson(actor) === canonicalJson(ERASED_ACTOR);
}

function digestPayload(salt: string | undefined, event: UnsealedEvent): string {
  const { actor, change, keyName, reason } = event;
  const payload = defined({ actor, change: change && defined(change), keyName, reason });
  return sha256Hex(canonicalJson([salt ?? null, payload as JsonObject]));
}

function linkOf(
  previous: string,
  event: UnsealedEvent & { sequence: number },
  payloadDigest: string,
): string {
  const { owner, sequence, at, action, keyId, successorId, graceEndsAt } = event;
  const facts = [at, action, keyId ?? null, successorId ?? null, graceEndsAt ?? null];
  return sha256Hex(
    canonicalJson(['keywright.activity.1', owner, sequence, previous, ...facts, payloadDigest]),
  );
}
