import type { UnsealedEvent } from '../digest/chain.ts';
import type { ActivityAction, KeyChange, StoredKey } from '../record.ts';
import type { RotateRefusal, Successor, Trace } from '../store.ts';

/*
 * What each mutation makes of a key, and which event tells it. Pure, and shared by all stores: a
 * store brings the locks and the statements, the rules are these.
 */

/** The key after an update. */
export function changedKey(key: StoredKey, change: KeyChange): StoredKey {
  const { expiresAt, ...fields } = change;
  if (expiresAt === undefined) return { ...key, ...fields };
  const { expiresAt: _, ...rest } = key;
  return expiresAt === null ? { ...rest, ...fields } : { ...rest, ...fields, expiresAt };
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
  if (successor.expiresAt === undefined && hasExpired(key, at)) return 'expired';
  return undefined;
}

/** The key that a rotation adds. */
export function successorKey(key: StoredKey, successor: Successor, trace: Trace): StoredKey {
  const { owner, environment, name, scopes, metadata, enabled } = key;
  const { id, digest, hint, expiresAt = key.expiresAt } = successor;
  return {
    ...{ id, digest, hint, owner, environment, name, scopes, metadata, enabled },
    createdAt: trace.at,
    createdBy: trace.actor,
    ...(expiresAt === undefined || expiresAt === null ? {} : { expiresAt }),
    replaces: key.id,
  };
}

/** The predecessor after a rotation. */
export function replacedKey(key: StoredKey, successor: Successor, trace: Trace): StoredKey {
  const { graceEndsAt = Number.POSITIVE_INFINITY } = successor;
  const expiresAt = Math.min(graceEndsAt, key.expiresAt ?? Number.POSITIVE_INFINITY);
  return {
    ...key,
    replacedBy: successor.id,
    replacedAt: trace.at,
    ...(expiresAt === Number.POSITIVE_INFINITY ? {} : { expiresAt }),
  };
}

/** The event of a mutation of `key`; its name is the one that it bears before the change. */
export function keyEvent(
  action: ActivityAction,
  key: StoredKey,
  trace: Trace,
  details: Pick<UnsealedEvent, 'change' | 'successorId' | 'graceEndsAt'> = {},
): UnsealedEvent {
  return { ...ownerEvent(action, key.owner, trace), keyId: key.id, keyName: key.name, ...details };
}

/** The event of a change that is about no single key. */
export function ownerEvent(action: ActivityAction, owner: string, trace: Trace): UnsealedEvent {
  const { at, actor, reason } = trace;
  return { at, action, owner, actor, ...(reason === undefined ? {} : { reason }) };
}

/** The event of a rotation. */
export function rotationEvent(key: StoredKey, successor: Successor, trace: Trace): UnsealedEvent {
  const { id, graceEndsAt } = successor;
  return keyEvent('key.rotated', key, trace, {
    successorId: id,
    ...(graceEndsAt === undefined ? {} : { graceEndsAt }),
  });
}

function isLiving(key: StoredKey, at: number): boolean {
  return key.revokedAt === undefined && !hasExpired(key, at);
}

function hasExpired(key: StoredKey, at: number): boolean {
  return key.expiresAt !== undefined && key.expiresAt <= at;
}
