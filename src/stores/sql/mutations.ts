import type { KeyChange, StoredKey } from '../../record.ts';
import type { KeyRef, RotateOutcome, Successor, Trace, UpdateOutcome } from '../../store.ts';
import {
  changedKey,
  keyEvent,
  replacedKey,
  rotationEvent,
  rotationRefusal,
  successorKey,
} from '../transition.ts';
import { append } from './append.ts';
import { type Dialect, locked } from './dialect.ts';
import { digestTaken, isDuplicate } from './failures.ts';
import { presentTurn, raiseGeneration, type Turn } from './leases.ts';
import { holdHead, holdKey, holdKnownHead, keyById } from './locks.ts';
import type { Part } from './mapping.ts';
import { read, type Script, write } from './script.ts';
import { keys } from './tables.ts';

/** What a mutation came to, and the turn whose older leases it has to wait for. */
export interface Turned<Outcome> {
  readonly outcome: Outcome;
  readonly turn?: Turn | undefined;
}

export function* createKey(dialect: Dialect, key: StoredKey, trace: Trace): Script<void> {
  const head = yield* holdHead(dialect, key.owner);
  yield* insertKey(dialect, key);
  yield* append(dialect, head, [keyEvent('key.created', key, trace)]);
}

export function* updateKey(
  dialect: Dialect,
  ref: KeyRef,
  change: KeyChange,
  trace: Trace,
): Script<Turned<UpdateOutcome | undefined>> {
  const held = yield* holdKey(dialect, ref);
  if (held === undefined) return { outcome: undefined };
  const { key, head } = held;
  if (key.revokedAt !== undefined) return { outcome: { refused: 'revoked' } };
  yield* changeKey(dialect, key.id, change);
  yield* append(dialect, head, [keyEvent('key.updated', key, trace, { change })]);
  return { outcome: { key: changedKey(key, change) }, turn: yield* raiseGeneration(dialect) };
}

export function* rotateKey(
  dialect: Dialect,
  ref: KeyRef,
  successor: Successor,
  trace: Trace,
): Script<Turned<RotateOutcome | undefined>> {
  const held = yield* holdKey(dialect, ref);
  if (held === undefined) return { outcome: undefined };
  const { key, head } = held;
  const current =
    key.replacedBy === undefined ? undefined : yield* keyById(dialect, key.replacedBy);
  const refused = rotationRefusal(key, current, successor, trace.at);
  if (refused !== undefined) return { outcome: { refused } };
  const added = successorKey(key, current, successor, trace);
  const replaced = replacedKey(key, successor, trace);
  yield* insertKey(dialect, added);
  const { replacedBy, replacedAt, expiresAt } = replaced;
  yield* changeKey(dialect, key.id, {
    ...{ replacedBy, replacedAt },
    ...(expiresAt === key.expiresAt ? {} : { expiresAt }),
  } as Part<StoredKey>);
  yield* append(dialect, head, [rotationEvent(key, successor, trace)]);
  return { outcome: { key: added, replaced }, turn: yield* raiseGeneration(dialect) };
}

export function* revokeKey(
  dialect: Dialect,
  ref: KeyRef,
  trace: Trace,
): Script<Turned<StoredKey | undefined>> {
  const held = yield* holdKey(dialect, ref);
  if (held === undefined) return { outcome: undefined };
  const { key, head } = held;
  // The one who revoked it may still be waiting, or have died while it waited.
  if (key.revokedAt !== undefined) return { outcome: key, turn: yield* presentTurn(dialect) };
  const revoked = { revokedAt: trace.at };
  yield* changeKey(dialect, key.id, revoked);
  yield* append(dialect, head, [keyEvent('key.revoked', key, trace)]);
  return { outcome: { ...key, ...revoked }, turn: yield* raiseGeneration(dialect) };
}

export function* revokeKeysOf(
  dialect: Dialect,
  owner: string,
  trace: Trace,
): Script<Turned<number>> {
  const { build, bytes } = dialect;
  const head = yield* holdKnownHead(dialect, owner);
  if (head === undefined) return { outcome: 0, turn: yield* presentTurn(dialect) };
  const unrevoked = build
    .selectFrom('keywright_keys')
    .select(keys.columns)
    .where('owner', '=', bytes(owner))
    .where('revoked_at', 'is', null)
    .orderBy('id');
  const rows = yield* read(locked(dialect, unrevoked));
  const living = rows.map(keys.read);
  if (living.length === 0) return { outcome: 0, turn: yield* presentTurn(dialect) };
  yield* write(
    build
      .updateTable('keywright_keys')
      .set(keys.cells({ revokedAt: trace.at }, bytes))
      .where('owner', '=', bytes(owner))
      .where('revoked_at', 'is', null),
  );
  const events = living.map((key) => keyEvent('key.revoked', key, trace));
  yield* append(dialect, head, events);
  return { outcome: living.length, turn: yield* raiseGeneration(dialect) };
}

function* insertKey({ build, bytes, family }: Dialect, key: StoredKey): Script<void> {
  try {
    yield* write(build.insertInto('keywright_keys').values(keys.row(key, bytes)));
  } catch (error) {
    throw isDuplicate(family, error) ? digestTaken(error) : error;
  }
}

/** Writes the changed fields alone, and nothing over a revoked key. */
function* changeKey({ build, bytes }: Dialect, id: string, change: Part<StoredKey>): Script<void> {
  const cells = keys.cells(change, bytes);
  if (Object.keys(cells).length === 0) return;
  yield* write(
    build
      .updateTable('keywright_keys')
      .set(cells)
      .where('id', '=', bytes(id))
      .where('revoked_at', 'is', null),
  );
}
