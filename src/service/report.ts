import { defined } from '../json.ts';
import type { VerifiableKey } from '../record.ts';
import type { Verdict } from '../verify.ts';
import type { Service } from './service.ts';

/** Records the use of an accepted key, and emits the events of a verdict. */
export function reportVerdict({ hooks, usage }: Service, verdict: Verdict): void {
  if (verdict.ok) {
    const { key, at } = verdict;
    usage.note(key.id, at);
    if (!hooks.active) return;
    hooks.emit({ type: 'verified', at, ...subjectOf(key) });
    const { replacedBy, replacedAt, expiresAt } = key;
    if (replacedBy === undefined || replacedAt === undefined) return;
    const replaced = defined({ replacedBy, replacedAt, endsAt: expiresAt });
    hooks.emit({ type: 'deprecated', at, ...subjectOf(key), ...replaced });
  } else if (hooks.active) {
    const { reason, key, error } = verdict;
    hooks.emit({
      type: 'refused',
      at: hooks.now(),
      reason,
      ...(key && subjectOf(key)),
      ...(error === undefined ? {} : { error }),
    });
  } else if (verdict.reason === 'unavailable') {
    hooks.warnUnavailable(verdict.error);
  }
}

function subjectOf({ id, owner, environment }: VerifiableKey) {
  return { keyId: id, owner, environment };
}
