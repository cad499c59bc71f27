import { headAfter, sealEvent } from '../digest/chain.ts';
import type { ChainHead } from '../record.ts';
import type { Change } from '../store.ts';
import type { Draft } from './rule.ts';

/** Seals the events of a draft on `head`, and returns the change to commit. */
export function sealDraft(owner: string, head: ChainHead, draft: Draft): Change {
  let last = head;
  const events = (draft.events ?? []).map((event) => {
    const sealed = sealEvent(last, event);
    last = headAfter(sealed);
    return sealed;
  });
  const { added = [], changed = [], erased = [], purged = [], factor } = draft;
  const change = { owner, head, events, added, changed, erased, purged };
  if (factor === undefined) return change;
  const { actorId, value } = factor;
  const document = value === undefined ? undefined : { version: last.sequence, value };
  return { ...change, factor: { actorId, document } };
}

/** The head of the owner's chain once the change is committed. */
export function headOf({ head, events }: Change): ChainHead {
  const last = events.at(-1);
  return last === undefined ? head : headAfter(last);
}
