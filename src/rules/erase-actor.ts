import { ERASED_ACTOR, eraseEvent } from '../digest/chain.ts';
import type { Attribution } from './attribution.ts';
import { ownerEvent } from './events.ts';
import type { ChangeRule } from './rule.ts';

/**
 * Erases an actor from an owner's data: replaces the payload of their events by its digest and `createdBy`
 * of their keys by the erased actor, and deletes their second factor. Adds one event, `activity.erased`,
 * and returns the number of erased events. The chain still verifies.
 */
export function eraseActorRule(
  owner: string,
  actorId: string,
  by: Attribution,
): ChangeRule<number> {
  return {
    query: { kind: 'actor', owner, actorId },
    isBulk: true,
    decide({ keys, events, factor }) {
      return {
        result: events.length,
        draft: {
          events: [ownerEvent('activity.erased', owner, by)],
          changed: keys.map((before) => ({
            before,
            after: { ...before, createdBy: ERASED_ACTOR },
          })),
          erased: events.map(eraseEvent),
          ...(factor && { factor: { actorId, value: undefined } }),
        },
      };
    },
  };
}
