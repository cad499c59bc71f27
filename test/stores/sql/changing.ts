import type { ActivityAction, FactorRef, KeyChange, KeyStore, StoredKey } from 'keywright';
import type { Attribution } from '../../../src/rules/attribution.ts';
import { Changes, type MakeOptions } from '../../../src/rules/changes.ts';
import { createRule } from '../../../src/rules/create.ts';
import { eraseActorRule } from '../../../src/rules/erase-actor.ts';
import { ownerEvent } from '../../../src/rules/events.ts';
import { revokeAllRule, revokeRule } from '../../../src/rules/revoke.ts';
import { rotateRule, type Successor } from '../../../src/rules/rotate.ts';
import type { ChangeRule } from '../../../src/rules/rule.ts';
import { updateRule } from '../../../src/rules/update.ts';
import { upgradeDigestRule } from '../../../src/rules/upgrade-digest.ts';
import type { KeyRef } from '../../../src/store.ts';

/** The changes that a service makes on a store, each by its rule. */
export function changing(store: KeyStore) {
  const changes = new Changes(store, { viewTimeoutMs: 30_000 });
  const make = async <Result>(rule: ChangeRule<Result>, options?: MakeOptions): Promise<Result> =>
    (await changes.make(rule, options)).result;
  return {
    create: (key: StoredKey, by: Attribution, options?: MakeOptions) =>
      make(
        createRule(key.owner, () => key, by),
        options,
      ),
    update: (ref: KeyRef, change: KeyChange, by: Attribution, options?: MakeOptions) =>
      make(updateRule(ref, change, by), options),
    rotate: (ref: KeyRef, successor: Successor, by: Attribution) =>
      make(rotateRule(ref, () => successor, by)),
    revoke: (ref: KeyRef, by: Attribution) => make(revokeRule(ref, by)),
    revokeAll: (owner: string, by: Attribution) => make(revokeAllRule(owner, by)),
    eraseActor: (owner: string, actorId: string, by: Attribution) =>
      make(eraseActorRule(owner, actorId, by)),
    upgradeDigest: (id: string, from: string, to: string) => make(upgradeDigestRule(id, from, to)),
    writeFactor({ owner, actorId }: FactorRef, value: string | undefined, by: Attribution) {
      const action: ActivityAction = 'factor.passed';
      return make({
        query: { kind: 'factor', owner, actorId },
        decide: () => ({
          result: true,
          draft: { events: [ownerEvent(action, owner, by)], factor: { actorId, value } },
        }),
      });
    },
  };
}
