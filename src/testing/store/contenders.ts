import type { ActivityAction, ActivityEvent, StoredKey } from '../../record.ts';
import type { Changes } from '../../rules/changes.ts';
import type { ChangeRule } from '../../rules/rule.ts';
import { type Check, chainOf, type Subject } from './subject.ts';
import { changesOf } from './writes.ts';

/** Repeats the check for `rounds` of the subject. */
export function repeated(check: Check): Check {
  return async (subject) => {
    for (let round = 0; round < subject.rounds; round++) await check(subject);
  };
}

/** Makes all changes concurrently, alternating between the handles. Returns results or error codes. */
export function atOnce<Item, Result>(
  { store, other }: Pick<Subject, 'store' | 'other'>,
  items: readonly Item[],
  ruleOf: (item: Item, index: number) => ChangeRule<Result>,
): Promise<(Result | string)[]> {
  const handles: readonly Changes[] = [changesOf(store), changesOf(other)];
  const racing = items.map(async (item, i) => {
    const changes = handles[i % 2] as Changes;
    return changes.make(ruleOf(item, i)).then(({ result }) => result, codeOf);
  });
  return Promise.all(racing);
}

/** Returns the code of an error that a rule throws. Rethrows any other error. */
function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  const isRuled = typeof code === 'string' && /^(key_|digest_taken$)/.test(code);
  if (!isRuled) throw error;
  return code;
}

/** The events of an action on any of the keys, oldest first. Fails if the chain is broken. */
export async function eventsOf(
  { other, owner }: Pick<Subject, 'other' | 'owner'>,
  keys: readonly Pick<StoredKey, 'id'>[],
  action: ActivityAction,
): Promise<ActivityEvent[]> {
  const ids = new Set(keys.map(({ id }) => id));
  const events = await chainOf(other, owner);
  return events.filter((event) => event.action === action && ids.has(event.keyId ?? ''));
}
