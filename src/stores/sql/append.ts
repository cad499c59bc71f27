import { headAfter, sealEvent, type UnsealedEvent } from '../../digest/chain.ts';
import type { ChainHead } from '../../record.ts';
import type { Dialect } from './dialect.ts';
import { type Script, write } from './script.ts';
import { events } from './tables.ts';

/** Rows of one insert: below all limits on parameters but that of D1, which is 100 (6 rows). */
const ROWS = 6;

/** Adds events of one owner to the chain whose head is held. */
export function* append(
  { build, bytes }: Dialect,
  head: ChainHead,
  unsealed: readonly UnsealedEvent[],
): Script<void> {
  const [first] = unsealed;
  if (first === undefined) return;
  let last = head;
  const sealed = unsealed.map((event) => {
    const next = sealEvent(last, event);
    last = headAfter(next);
    return next;
  });
  for (let i = 0; i < sealed.length; i += ROWS) {
    const rows = sealed.slice(i, i + ROWS).map((event) => events.row(event, bytes));
    yield* write(build.insertInto('keywright_events').values(rows));
  }
  yield* write(
    build
      .updateTable('keywright_heads')
      .set({ sequence: last.sequence, digest: bytes(last.digest) })
      .where('owner', '=', bytes(first.owner))
      .where('sequence', '=', head.sequence),
  );
}
