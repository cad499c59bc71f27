import type { UnsealedEvent } from '../digest/chain.ts';
import { defined } from '../json.ts';
import type { ActivityAction, KeyChange, StoredKey } from '../record.ts';
import type { RotateRefusal, Successor, Trace } from '../store.ts';

/*
 * What each mutation makes of a key, and which event tells it. Pure, and shared by all stores: a
 * store brings the locks and the statements, the rules are these.
 */

/** The key after an update. */
export function changedKey(key: StoredKey, change: KeyChange): StoredKey {
  const { expiresAt = key.expiresAt, ...fields } = change;
  return defined({ ...key, ...fields, expiresAt: expiresAt ?? undefined });
}

/**
 * What forbids a rotation, if anything does.
 *
 * @param current the key that has replaced `key` already, if one has
 */
export function rotationRefusal(
  key: StoredKey,
  current: StoredKey | undefined,
  successor: Successor,
  at: number,
): RotateRefusal | undefined {
  if (key.revokedAt !== undefined) return 'revoked';
  if (current !== undefined && isLiving(current, at)) return 'replaced';
  if (successor.expiresAt !== undefined) return undefined;
  if (hasExpired(key, at)) return 'expired';
  // The expiry of `key` may be the end of a grace, and that of `current` has passed.
  const isOver = current !== undefined && hasExpired(current, at);
  return isOver && key.expiresAt !== undefined ? 'expired' : undefined;
}

/**
 * The key that a rotation adds.
 *
 * @param current as for {@link rotationRefusal}. A grace ends `key` early, and is not handed on: where
 * `current` was revoked before its time, the successor has that time.
 */
export function successorKey(
  key: StoredKey,
  current: StoredKey | undefined,
  successor: Successor,
  trace: Trace,
): StoredKey {
  const { owner, environment, name, scopes, metadata, enabled } = key;
  const { expiresAt: inherited } = current && !hasExpired(current, trace.at) ? current : key;
  const { graceEndsAt: _, expiresAt = inherited, ...fresh } = successor;
  return defined({
    ...fresh,
    ...{ owner, environment, name, scopes, metadata, enabled },
    createdAt: trace.at,
    createdBy: trace.actor,
    expiresAt: expiresAt ?? undefined,
    replaces: key.id,
  });
}

/** The predecessor after a rotation. */
export function replacedKey(key: StoredKey, successor: Successor, trace: Trace): StoredKey {
  const ends = [key.expiresAt, successor.graceEndsAt].filter((end) => end !== undefined);
  const expiresAt = ends.length === 0 ? undefined : Math.min(...ends);
  return defined({ ...key, replacedBy: successor.id, replacedAt: trace.at, expiresAt });
}

/** The event of a mutation of `key`; its name is the one that it bears before the change. */
export function keyEvent(
  action: ActivityAction,
  { id, name, owner }: StoredKey,
  trace: Trace,
  details: Pick<UnsealedEvent, 'change' | 'successorId' | 'graceEndsAt'> = {},
): UnsealedEvent {
  return { ...ownerEvent(action, owner, trace), keyId: id, keyName: name, ...details };
}

/** The event of a change that is about no single key. */
export function ownerEvent(
  action: ActivityAction,
  owner: string,
  { at, actor, reason }: Trace,
): UnsealedEvent {
  return defined({ at, action, owner, actor, reason });
}

/** The event of a rotation. */
export function rotationEvent(key: StoredKey, successor: Successor, trace: Trace): UnsealedEvent {
  const { id: successorId, graceEndsAt } = successor;
  return keyEvent('key.rotated', key, trace, defined({ successorId, graceEndsAt }));
}

function isLiving(key: StoredKey, at: number): boolean {
  return key.revokedAt === undefined && !hasExpired(key, at);
}

function hasExpired(key: StoredKey, at: number): boolean {
  return key.expiresAt !== undefined && key.expiresAt <= at;
}
