import { ERASED_ACTOR, eraseEvent } from '../../digest/chain.ts';
import type { ActivityEvent, StoredKey } from '../../record.ts';
import type { KeyRef, KeyStore, RotateOutcome, UpdateOutcome } from '../../store.ts';
import { refuseTransaction } from '../no-transaction.ts';
import {
  changedKey,
  keyEvent,
  ownerEvent,
  replacedKey,
  rotationEvent,
  rotationRefusal,
  successorKey,
} from '../transition.ts';
import type { Changes, Decision } from './changes.ts';
import type { Driver } from './client.ts';
import type { Names } from './names.ts';
import { type KeyView, readOwnerHead, viewKey } from './reads.ts';
import { newestEvents, newestKeys } from './scan.ts';

type Mutations = Pick<
  KeyStore,
  'create' | 'update' | 'rotate' | 'revoke' | 'revokeAll' | 'eraseActor'
>;

/** So many keys and events at a time are read to go through all of an owner's. */
const STEP = 500;

/** The mutations that leave an event: what each reads, and what it makes of that. */
export function redisMutations(driver: Driver, names: Names, changes: Changes): Mutations {
  const headOf = (owner: string) => readOwnerHead(driver, names, owner);

  /** Changes one key, as {@link Changes.make} does. */
  async function changeKey<Result>(
    ref: KeyRef,
    decide: (view: KeyView) => Decision<Result>,
  ): Promise<Result | undefined> {
    const owner = ref.owner ?? (await viewKey(driver, names, ref))?.key.owner;
    if (owner === undefined) return undefined;
    return changes.make<Result | undefined>(owner, async () => {
      const view = await viewKey(driver, names, ref);
      return view === undefined ? { result: undefined } : decide(view);
    });
  }

  return {
    async create(key, trace, options) {
      refuseTransaction(options);
      const { owner } = key;
      await changes.make(owner, async () => {
        const head = await headOf(owner);
        const events = [keyEvent('key.created', key, trace)];
        return { result: undefined, change: { owner, head, events, added: [key], turns: false } };
      });
    },

    async update(ref, change, trace, options) {
      refuseTransaction(options);
      return changeKey<UpdateOutcome>(ref, ({ key, head }) => {
        if (key.revokedAt !== undefined) return { result: { refused: 'revoked' } };
        const { owner } = key;
        const changed = changedKey(key, change);
        const events = [keyEvent('key.updated', key, trace, { change })];
        return {
          result: { key: changed },
          change: { owner, head, events, replaced: [changed], turns: true },
        };
      });
    },

    async rotate(ref, successor, trace, options) {
      refuseTransaction(options);
      return changeKey<RotateOutcome>(ref, ({ key, head, successor: current }) => {
        const refused = rotationRefusal(key, current, successor, trace.at);
        if (refused !== undefined) return { result: { refused } };
        const { owner } = key;
        const added = successorKey(key, current, successor, trace);
        const replaced = replacedKey(key, successor, trace);
        const events = [rotationEvent(key, successor, trace)];
        return {
          result: { key: added, replaced },
          change: { owner, head, events, added: [added], replaced: [replaced], turns: true },
        };
      });
    },

    async revoke(ref, trace) {
      return changeKey<StoredKey>(ref, ({ key, head }) => {
        if (key.revokedAt !== undefined) return { result: key, settle: true };
        const { owner } = key;
        const revoked = { ...key, revokedAt: trace.at };
        const events = [keyEvent('key.revoked', key, trace)];
        return {
          result: revoked,
          change: { owner, head, events, replaced: [revoked], turns: true },
        };
      });
    },

    async revokeAll(owner, trace) {
      return changes.make(owner, async () => {
        // Before the keys: a change of one while they are read then shows.
        const head = await headOf(owner);
        const keys: StoredKey[] = [];
        for await (const key of newestKeys(driver, names, owner, { first: STEP })) {
          if (key.revokedAt === undefined) keys.push(key);
        }
        keys.reverse();
        if (keys.length === 0) return { result: 0, settle: true };
        const events = keys.map((key) => keyEvent('key.revoked', key, trace));
        const replaced = keys.map((key) => ({ ...key, revokedAt: trace.at }));
        return {
          result: keys.length,
          change: { owner, head, events, replaced, turns: true },
        };
      });
    },

    async eraseActor(owner, actorId, trace) {
      return changes.make(owner, async () => {
        const head = await headOf(owner);
        const erased: ActivityEvent[] = [];
        for await (const event of newestEvents(driver, names, owner, { first: STEP, actorId })) {
          if (event.actor.id === actorId && event.erased === undefined) {
            erased.push(eraseEvent(event));
          }
        }
        const replaced: StoredKey[] = [];
        for await (const key of newestKeys(driver, names, owner, { first: STEP })) {
          if (key.createdBy.id === actorId) replaced.push({ ...key, createdBy: ERASED_ACTOR });
        }
        const events = [ownerEvent('activity.erased', owner, trace)];
        return {
          result: erased.length,
          change: { owner, head, events, replaced, erased, factor: { actorId }, turns: false },
        };
      });
    },
  };
}
