import { defined } from '../json.ts';
import { listActivity } from './activity.ts';
import { checkId } from './arguments.ts';
import type { KeysById, OwnerKeys } from './contract.ts';
import { createKey } from './create.ts';
import { getKey, listKeys } from './read.ts';
import { revokeAllKeys, revokeKey } from './revoke.ts';
import { rotateKey } from './rotate.ts';
import type { Service } from './service.ts';
import { updateKey } from './update.ts';
import { verifyActivity } from './verify-activity.ts';

/** Operations on one key by its id. With `owner`, the store finds no keys of other owners. */
export function keysById(service: Service, owner?: string): KeysById {
  const ref = (id: string) => defined({ id: checkId(id), owner });
  return {
    get: async (id) => getKey(service, ref(id)),
    update: async (id, change, options) => updateKey(service, ref(id), change, options),
    rotate: async (id, options) => rotateKey(service, ref(id), options),
    revoke: async (id, by) => revokeKey(service, ref(id), by),
  };
}

/** The operations of the service for one owner. */
export function ownerKeys(service: Service, owner: string): OwnerKeys {
  return {
    ...keysById(service, owner),
    create: (key) => createKey(service, owner, key),
    list: (filter = {}) => listKeys(service, owner, filter),
    revokeAll: (by) => revokeAllKeys(service, owner, by),
    activity: (filter = {}) => listActivity(service, owner, filter),
    verifyActivity: (options = {}) => verifyActivity(service, owner, options),
  };
}
