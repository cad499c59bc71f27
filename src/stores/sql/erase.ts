import { ERASED_ACTOR, eraseEvent } from '../../digest/chain.ts';
import type { ActivityEvent } from '../../record.ts';
import type { Trace } from '../../store.ts';
import { ownerEvent } from '../transition.ts';
import { append } from './append.ts';
import type { Dialect } from './dialect.ts';
import { dropFactor } from './factors.ts';
import { holdHead } from './locks.ts';
import type { Part } from './mapping.ts';
import { read, type Script, write } from './script.ts';
import { events, keys } from './tables.ts';

/** Events read at a time. */
const STEP = 500;

/** Erases an actor from the events and keys of an owner, and gives the number of events. */
export function* eraseActorOf(
  dialect: Dialect,
  owner: string,
  actorId: string,
  trace: Trace,
): Script<number> {
  const head = yield* holdHead(dialect, owner);
  const erased = yield* eraseEvents(dialect, owner, actorId);
  const { build, bytes } = dialect;
  yield* write(
    build
      .updateTable('keywright_keys')
      .set(keys.cells({ createdBy: ERASED_ACTOR }, bytes))
      .where('owner', '=', bytes(owner))
      .where('created_by_id', '=', bytes(actorId)),
  );
  yield* dropFactor(dialect, { owner, actorId });
  yield* append(dialect, head, [ownerEvent('activity.erased', owner, trace)]);
  return erased;
}

function* eraseEvents({ build, bytes }: Dialect, owner: string, actorId: string): Script<number> {
  let last = 0;
  for (let erased = 0; ; erased += STEP) {
    const rows = yield* read(
      build
        .selectFrom('keywright_events')
        .select(events.columns)
        .where('owner', '=', bytes(owner))
        .where('actor_id', '=', bytes(actorId))
        .where('erased', 'is', null)
        .where('sequence', '>', last)
        .orderBy('sequence')
        .limit(STEP),
    );
    for (const event of rows.map(events.read)) {
      last = event.sequence;
      yield* write(
        build
          .updateTable('keywright_events')
          .set(events.cells(erasedParts(event), bytes))
          .where('owner', '=', bytes(owner))
          .where('sequence', '=', event.sequence),
      );
    }
    if (rows.length < STEP) return erased + rows.length;
  }
}

/** The fields of an event that its erasure changes, `null` where it takes one away. */
function erasedParts(event: ActivityEvent): Part<ActivityEvent> {
  const erased: Part<ActivityEvent> = eraseEvent(event);
  const fields = new Set([...Object.keys(event), ...Object.keys(erased)]) as Set<
    keyof ActivityEvent
  >;
  const changed = [...fields].filter((field) => erased[field] !== event[field]);
  return Object.fromEntries(changed.map((field) => [field, erased[field] ?? null]));
}
