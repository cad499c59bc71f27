import { ERASED_ACTOR, eraseEvent } from '../../digest/chain.ts';
import type { KeyStore } from '../../store.ts';
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
import { placeOf } from './factors.ts';
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

export function memoryMutations(tables: MemoryTables, leases: MemoryLeases): Mutations {
  return {
    async create(key, trace, options) {
      refuseTransaction(options);
      tables.assertFree(key);
      tables.commit(key.owner, [keyEvent('key.created', key, trace)], [key]);
    },

    async update(ref, change, trace, options) {
      refuseTransaction(options);
      const key = tables.find(ref);
      if (key === undefined) return undefined;
      if (key.revokedAt !== undefined) return { refused: 'revoked' };
      const event = keyEvent('key.updated', key, trace, { change });
      tables.commit(key.owner, [event], [changedKey(key, change)]);
      const changed = tables.find(ref) ?? key;
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
      const added = successorKey(key, current, successor, trace);
      const replaced = replacedKey(key, successor, trace);
      tables.commit(owner, [rotationEvent(key, successor, trace)], [added, replaced]);
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
      const revoked = { ...key, revokedAt: trace.at };
      tables.commit(key.owner, [keyEvent('key.revoked', key, trace)], [revoked]);
      await leases.turn();
      return revoked;
    },

    async revokeAll(owner, trace) {
      const keys = [...tables.newestKeys(owner)].filter((key) => key.revokedAt === undefined);
      const events = keys.map((key) => keyEvent('key.revoked', key, trace));
      const revoked = keys.map((key) => ({ ...key, revokedAt: trace.at }));
      tables.commit(owner, events, revoked);
      await (keys.length === 0 ? leases.settled() : leases.turn());
      return keys.length;
    },

    async recordUsage(usage) {
      for (const [id, at] of usage) {
        const key = tables.find({ id });
        if (key !== undefined && at > (key.lastUsedAt ?? 0)) tables.put({ ...key, lastUsedAt: at });
      }
    },

    async upgradeDigest(id, from, to) {
      const key = tables.find({ id });
      if (key?.digest !== from) return false;
      if (to !== from) tables.assertFree({ digest: to });
      tables.put({ ...key, digest: to });
      return true;
    },

    async eraseActor(owner, actorId, trace) {
      const events = tables
        .eventsOf(owner)
        .filter(({ actor, erased }) => actor.id === actorId && erased === undefined);
      const made = [...tables.newestKeys(owner)].filter((key) => key.createdBy.id === actorId);
      const keys = made.map((key) => ({ ...key, createdBy: ERASED_ACTOR }));
      tables.commit(owner, [ownerEvent('activity.erased', owner, trace)], keys);
      for (const event of events) tables.replaceEvent(eraseEvent(event));
      tables.factors.delete(placeOf({ owner, actorId }));
      return events.length;
    },
  };
}
