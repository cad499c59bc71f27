import type { FactorChange, FactorDocument, FactorRef } from '../../record.ts';
import type { Trace } from '../../store.ts';
import { ownerEvent } from '../transition.ts';
import { append } from './append.ts';
import { type Dialect, locked } from './dialect.ts';
import { holdHead, holdKnownHead } from './locks.ts';
import { readFirst, type Script, write } from './script.ts';
import { factors } from './tables.ts';

export function* readFactor(dialect: Dialect, ref: FactorRef): Script<FactorDocument | undefined> {
  return documentOf(yield* readFirst(selectFactor(dialect, ref)));
}

/** Writes a factor if it is what was seen, and tells whether it was. */
export function* writeFactor(
  dialect: Dialect,
  ref: FactorRef,
  { seen, value, action }: FactorChange,
  trace: Trace,
): Script<boolean> {
  const { owner } = ref;
  // Who has no event yet has no factor either, and none of theirs can have been seen.
  const head = yield* seen === undefined ? holdHead(dialect, owner) : holdKnownHead(dialect, owner);
  if (head === undefined) return false;
  const present = documentOf(yield* readFirst(locked(dialect, selectFactor(dialect, ref))));
  if (present?.version !== seen) return false;
  if (present !== undefined) yield* dropFactor(dialect, ref);
  if (value !== undefined) {
    const row = factors.row({ ...ref, version: head.sequence + 1, value }, dialect.bytes);
    yield* write(dialect.build.insertInto('keywright_factors').values(row));
  }
  yield* append(dialect, head, [ownerEvent(action, owner, trace)]);
  return true;
}

/** Takes a factor away. The head of the owner's chain is held. */
export function* dropFactor({ build, bytes }: Dialect, ref: FactorRef): Script<void> {
  yield* write(
    build
      .deleteFrom('keywright_factors')
      .where('owner', '=', bytes(ref.owner))
      .where('actor_id', '=', bytes(ref.actorId)),
  );
}

function selectFactor({ build, bytes }: Dialect, { owner, actorId }: FactorRef) {
  return build
    .selectFrom('keywright_factors')
    .select(factors.columns)
    .where('owner', '=', bytes(owner))
    .where('actor_id', '=', bytes(actorId));
}

function documentOf(row: unknown): FactorDocument | undefined {
  if (row === undefined) return undefined;
  const { version, value } = factors.read(row);
  return { version, value };
}
