import { defined } from '../json.ts';
import type { KeyChange, KeyRecord } from '../record.ts';
import type { ChangedKey, OwnerKeys } from '../service/contract.ts';
import type { Capacity } from './capacity.ts';
import { WAIT_MS } from './effective-by.ts';
import type { Settings } from './options.ts';
import { notFound } from './refusal.ts';
import type { CheckedCall } from './route.ts';
import { assertGrantable, withMetadata } from './session.ts';
import { mayWiden, revives, widens } from './widening.ts';

type Update = (
  call: Pick<CheckedCall<unknown, unknown>, 'keys' | 'session' | 'id' | 'confirm'>,
  change: KeyChange,
  reason: string | undefined,
) => Promise<ChangedKey>;

/**
 * Returns the function that updates a key. A change that widens the key requires the second factor, and
 * a session that may grant all of its scopes. Reviving an expired key also requires room in the quota.
 */
export function updater({ clock }: Pick<Settings, 'clock'>, capacity: Capacity): Update {
  return async ({ keys, session, id, confirm }, asked, reason) => {
    const change = asked.metadata === undefined ? asked : withMetadata(session, asked);
    const { owner, actor } = session;
    assertGrantable(session, change.scopes);
    const update = () => keys.update(id, change, defined({ actor, reason, wait: WAIT_MS }));
    if (!mayWiden(change)) return update();
    /** Whether the change widens the key in its current state. Throws if the session may not widen it. */
    const assertMayWiden = async () => {
      const key = await find(keys, id);
      if (!widens(key, change)) return false;
      assertGrantable(session, change.scopes ?? key.scopes);
      if (revives(key, change, clock.now())) await capacity.assertRoom(owner, keys);
      return true;
    };
    // Confirm before the turn: the check may be slow, and other work of the owner would wait.
    const isConfirmed = await assertMayWiden();
    if (isConfirmed) await confirm('update');
    return capacity.inTurn(owner, async () => {
      // Another request may have narrowed the key in the meantime, or used up the quota.
      if ((await assertMayWiden()) && !isConfirmed) await confirm('update');
      return update();
    });
  };
}

/** @throws Refusal `key_not_found` */
async function find(keys: OwnerKeys, id: string): Promise<KeyRecord> {
  const key = await keys.get(id);
  if (key === undefined) throw notFound();
  return key;
}
