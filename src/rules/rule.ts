import type { UnsealedEvent } from '../digest/chain.ts';
import type { ActivityEvent, StoredKey } from '../record.ts';
import type { KeyReplacement, View, ViewQuery } from '../store.ts';

/** One kind of change: the view that it reads, and how it decides on that view. */
export interface ChangeRule<Result> {
  readonly query: ViewQuery;
  /** Whether it may change many rows. It is then decided while the store holds the owner. */
  readonly isBulk?: boolean;
  /**
   * Decides on a view. Called again with a newer view after a lost race, and with the same view if a
   * drawn digest or id was taken. Throws if the change is not allowed.
   */
  decide(view: View): Decision<Result> | Promise<Decision<Result>>;
}

/** The decision of a rule. */
export interface Decision<Result> {
  readonly result: Result;
  /** What to write; absent if there is nothing to write. */
  readonly draft?: Draft;
  /** Whether the change resolves only once no cache can serve the records from before it. */
  readonly awaitsCaches?: boolean;
}

/** A change whose events are not sealed yet. */
export interface Draft {
  readonly events?: readonly UnsealedEvent[];
  readonly added?: readonly StoredKey[];
  readonly changed?: readonly KeyReplacement[];
  readonly erased?: readonly ActivityEvent[];
  /** The new text of an actor's second factor; `undefined` deletes it. */
  readonly factor?: { readonly actorId: string; readonly value: string | undefined };
  readonly purged?: readonly string[];
}
