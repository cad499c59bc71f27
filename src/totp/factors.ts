import type { Clock } from '../clock.ts';
import { withDeadline } from '../deadline.ts';
import { isKeywrightError, KeywrightError } from '../errors.ts';
import type { Actor, FactorAction, FactorRef } from '../record.ts';
import type { Attribution } from '../rules/attribution.ts';
import { Changes } from '../rules/changes.ts';
import { ownerEvent } from '../rules/events.ts';
import type { ChangeRule, Draft } from '../rules/rule.ts';
import type { KeyStore } from '../store.ts';
import type { Factor } from './factor.ts';
import type { KeyRing } from './key-ring.ts';
import { openFactor, sealFactor } from './seal.ts';

/** Milliseconds after which a store that has not answered a read counts as failed. */
export const STORE_TIMEOUT_MS = 2000;

/** The owner, and the actor who has the factor and acts. */
export interface Holder {
  readonly owner: string;
  readonly actor: Actor;
}

/** The decision on the current state of a factor. */
export interface Decision<Result> {
  readonly result: Result;
  /** The new factor, or `undefined` to delete it, and its event. Absent if nothing changes. */
  readonly write?: { readonly factor: Factor | undefined; readonly action: FactorAction };
}

/** Reads and writes the factors of a store. Seals them on writing and opens them on reading. */
export class Factors {
  readonly #store: KeyStore;
  readonly #changes: Changes;
  readonly #ring: KeyRing;
  readonly #clock: Clock;

  constructor(store: KeyStore, ring: KeyRing, clock: Clock) {
    this.#store = store;
    this.#changes = new Changes(store, { clock });
    this.#ring = ring;
    this.#clock = clock;
  }

  async read({ owner, actor }: Holder): Promise<Factor | undefined> {
    const ref = { owner, actorId: actor.id };
    const reading = this.#store.view({ kind: 'factor', ...ref });
    const { factor } = await mapStoreErrors(withDeadline(reading, STORE_TIMEOUT_MS));
    return this.#open(ref, factor?.value);
  }

  /**
   * Decides on the factor and commits the decision. If another change commits first, it decides again on
   * the new state. So a code that two requests present passes once, and a caller learns of a wrong code
   * only after the failure has been counted.
   */
  async change<Result>(
    { owner, actor }: Holder,
    decide: (factor: Factor | undefined, now: number) => Decision<Result>,
  ): Promise<Result> {
    const ref = { owner, actorId: actor.id };
    return this.#commit(ref, async ({ factor: document }) => {
      const factor = await this.#open(ref, document?.value);
      const at = this.#clock.now();
      const { result, write } = decide(factor, at);
      if (write === undefined) return { result };
      const value = write.factor && (await sealFactor(this.#ring, ref, write.factor));
      return { result, draft: draftOf(ref, value, write.action, { at, actor }) };
    });
  }

  /**
   * Deletes a factor without opening it, and returns whether there was one.
   *
   * @param byOf returns who and why, from the sequence of the event of the factor's latest change
   */
  async remove(
    ref: FactorRef,
    action: FactorAction,
    byOf: (sequence: number) => Omit<Attribution, 'at'>,
  ): Promise<boolean> {
    return this.#commit(ref, ({ factor }) => {
      if (factor === undefined) return { result: false };
      const by = { at: this.#clock.now(), ...byOf(factor.version) };
      return { result: true, draft: draftOf(ref, undefined, action, by) };
    });
  }

  async #commit<Result>(ref: FactorRef, decide: ChangeRule<Result>['decide']): Promise<Result> {
    const rule = { query: { kind: 'factor', ...ref }, decide } as const;
    return (await mapStoreErrors(this.#changes.make(rule))).result;
  }

  async #open(ref: FactorRef, value: string | undefined): Promise<Factor | undefined> {
    return value === undefined ? undefined : openFactor(this.#ring, ref, value);
  }
}

/** The new value of a factor, or `undefined` to delete it, with the event of the action. */
function draftOf(
  { owner, actorId }: FactorRef,
  value: string | undefined,
  action: FactorAction,
  by: Attribution,
): Draft {
  return { events: [ownerEvent(action, owner, by)], factor: { actorId, value } };
}

/** By the store contract, a rejection without a code means that the store failed. */
export async function mapStoreErrors<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (isKeywrightError(cause)) throw cause;
    throw new KeywrightError('store_unavailable', 'the store of second factors failed', { cause });
  }
}
