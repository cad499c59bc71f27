import { type ErrorCode, KeywrightError } from '../errors.ts';
import { defined } from '../json.ts';
import type { StoredKey } from '../record.ts';
import type { KeyRef } from '../store.ts';
import type { Attribution } from './attribution.ts';
import { keyEvent } from './events.ts';
import type { ChangeRule } from './rule.ts';
import { viewedKey } from './viewed-key.ts';

/** Fields of the new key that are not copied from the old one. */
export interface Successor {
  readonly id: string;
  readonly digest: string;
  readonly hint: string;
  /** Epoch milliseconds, or `null` for no expiry. Default: the expiry of the predecessor. */
  readonly expiresAt?: number | null;
  /** When the predecessor is refused. Default: when it expires or is revoked. */
  readonly graceEndsAt?: number;
}

/** The successor, and the predecessor after the rotation. */
export interface Rotation {
  readonly key: StoredKey;
  readonly replaced: StoredKey;
}

/**
 * Adds a successor and links the two, with one event, `key.rotated`, on the predecessor.
 *
 * The successor copies name, owner, environment, scopes, metadata and `enabled`. Without
 * {@link Successor.expiresAt}, it also copies the expiry: the predecessor's, or that of an earlier
 * successor that was revoked before it expired. A key whose successor is neither revoked nor expired is
 * not rotated.
 *
 * @param draw creates the new key's own fields; called again if its digest or id is taken
 */
export function rotateRule(
  ref: KeyRef,
  draw: (key: StoredKey) => Successor,
  by: Attribution,
): ChangeRule<Rotation> {
  return {
    query: { kind: 'key', ...ref },
    decide(view) {
      const before = viewedKey(view);
      const earlier = view.keys[1];
      const successor = draw(before);
      refuseRotation(before, earlier, successor, by.at);
      const key = successorKey(before, earlier, successor, by);
      const replaced = replacedKey(before, successor, by.at);
      const { id: successorId, graceEndsAt } = successor;
      return {
        result: { key, replaced },
        draft: {
          added: [key],
          changed: [{ before, after: replaced }],
          events: [keyEvent('key.rotated', before, by, defined({ successorId, graceEndsAt }))],
          purged: [before.id],
        },
      };
    },
  };
}

/**
 * @param earlier the key that already replaces `key`, if there is one
 * @throws KeywrightError `key_revoked`; `key_replaced`; `key_expired` if the successor would copy an
 * expiry that has passed
 */
function refuseRotation(
  key: StoredKey,
  earlier: StoredKey | undefined,
  successor: Successor,
  at: number,
): void {
  if (key.revokedAt !== undefined) refuse('key_revoked', 'the key is revoked');
  if (earlier !== undefined && earlier.revokedAt === undefined && !isExpired(earlier, at)) {
    refuse('key_replaced', 'the key has a living successor: rotate that, or revoke it first');
  }
  if (successor.expiresAt !== undefined) return;
  // The expiry of `key` may be the end of a grace, while the copied one of `earlier` has passed.
  const lineageExpired = earlier !== undefined && isExpired(earlier, at) && hasExpiry(key);
  if (isExpired(key, at) || lineageExpired) {
    refuse('key_expired', 'the key or its earlier successor has expired: pass `expiresAt`');
  }
}

/**
 * The key that a rotation adds. A grace expires `key` early, and the successor must not copy that end: if
 * `earlier` was revoked before it expired, the successor takes the expiry of `earlier`.
 */
function successorKey(
  key: StoredKey,
  earlier: StoredKey | undefined,
  successor: Successor,
  { at, actor }: Attribution,
): StoredKey {
  const { owner, environment, name, scopes, metadata, enabled } = key;
  const { expiresAt: inherited } = earlier && !isExpired(earlier, at) ? earlier : key;
  const { graceEndsAt: _, expiresAt = inherited, ...fresh } = successor;
  return defined({
    ...fresh,
    ...{ owner, environment, name, scopes, metadata, enabled },
    createdAt: at,
    createdBy: actor,
    expiresAt: expiresAt ?? undefined,
    replaces: key.id,
  });
}

/** The predecessor after a rotation. */
function replacedKey(key: StoredKey, { id, graceEndsAt }: Successor, at: number): StoredKey {
  const ends = [key.expiresAt, graceEndsAt].filter((end) => end !== undefined);
  const expiresAt = ends.length === 0 ? undefined : Math.min(...ends);
  return defined({ ...key, replacedBy: id, replacedAt: at, expiresAt });
}

function isExpired(key: StoredKey, at: number): boolean {
  return key.expiresAt !== undefined && key.expiresAt <= at;
}

function hasExpiry(key: StoredKey): boolean {
  return key.expiresAt !== undefined;
}

function refuse(code: ErrorCode, message: string): never {
  throw new KeywrightError(code, message);
}
