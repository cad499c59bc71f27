import { ERASED_ACTOR, eraseEvent } from '../../digest/chain.ts';
import { invalid } from '../../errors.ts';
import type { KeyStore, MutationOptions } from '../../store.ts';
import {
  changedKey,
  keyEvent,
  ownerEvent,
  replacedKey,
  rotationEvent,
  rotationRefusal,
  successorKey,
} from '../transition.ts';
import { frozenJson } from './frozen.ts';
import type { MemoryLeases } from './leases.ts';
import type { MemoryTables } from './tables.ts';

type Mutations = Pick<
  KeyStore,
  | 'create'
  | 'update'
  | 'rotate'
  | 'revoke'
  | 'revokeAll'
  | 'recordUsage'
  | 'upgradeDigest'
  | 'eraseActor'
>;

/**
 * Each mutation seals its events, which may fail, and then writes without a pause: no other
 * mutation sees it half-done, and a failure leaves nothing.
 */
export function memoryMutations(tables: MemoryTables, leases: MemoryLeases): Mutations {
  return {
    async create(key, trace, options) {
      refuseTransaction(options);
      tables.assertFree(key);
      const events = tables.seal(key.owner, [keyEvent('key.created', key, trace)]);
      tables.insert(key);
      tables.append(events);
    },

    async update(ref, change, trace, options) {
      refuseTransaction(options);
      const key = tables.find(ref);
      if (key === undefined) return undefined;
      if (key.revokedAt !== undefined) return { refused: 'revoked' };
      const events = tables.seal(key.owner, [keyEvent('key.updated', key, trace, { change })]);
      const changed = tables.replace(changedKey(key, frozenJson({ ...change })));
      tables.append(events);
      await leases.turn();
      return { key: changed };
    },

    async rotate(ref, successor, trace, options) {
      refuseTransaction(options);
      const key = tables.find(ref);
      if (key === undefined) return undefined;
      const { owner, replacedBy } = key;
      const current = replacedBy === undefined ? undefined : tables.find({ id: replacedBy });
      const refused = rotationRefusal(key, current, successor, trace.at);
      if (refused !== undefined) return { refused };
      tables.assertFree(successor);
      const events = tables.seal(owner, [rotationEvent(key, successor, trace)]);
      const added = tables.insert(successorKey(key, successor, trace));
      const replaced = tables.replace(replacedKey(key, successor, trace));
      tables.append(events);
      await leases.turn();
      return { key: added, replaced };
    },

    async revoke(ref, trace) {
      const key = tables.find(ref);
      if (key === undefined) return undefined;
      if (key.revokedAt !== undefined) {
        await leases.settled();
        return key;
      }
      const events = tables.seal(key.owner, [keyEvent('key.revoked', key, trace)]);
      const revoked = tables.replace({ ...key, revokedAt: trace.at });
      tables.append(events);
      await leases.turn();
      return revoked;
    },

    async revokeAll(owner, trace) {
      const keys = tables.keysOf(owner).filter((key) => key.revokedAt === undefined);
      const events = tables.seal(
        owner,
        keys.map((key) => keyEvent('key.revoked', key, trace)),
      );
      for (const key of keys) tables.replace({ ...key, revokedAt: trace.at });
      tables.append(events);
      await leases.turn();
      return keys.length;
    },

    async recordUsage(usage) {
      for (const [id, at] of usage) {
        const key = tables.find({ id });
        if (key !== undefined && at > (key.lastUsedAt ?? 0))
          tables.replace({ ...key, lastUsedAt: at });
      }
    },

    async upgradeDigest(id, from, to) {
      const key = tables.find({ id });
      if (key?.digest !== from) return false;
      if (to !== from) tables.changeDigest(key, to);
      return true;
    },

    async eraseActor(owner, actorId, trace) {
      const events = tables.eventsOf(owner).filter((event) => event.actor.id === actorId);
      const sealed = tables.seal(owner, [ownerEvent('activity.erased', owner, trace)]);
      for (const event of events) tables.replaceEvent(eraseEvent(event));
      for (const key of tables.keysOf(owner)) {
        if (key.createdBy.id === actorId) tables.replace({ ...key, createdBy: ERASED_ACTOR });
      }
      tables.append(sealed);
      return events.length;
    },
  };
}

function refuseTransaction(options: MutationOptions | undefined): void {
  if (options?.transaction !== undefined) {
    throw invalid('transaction', 'cannot be joined: this store has none');
  }
}
