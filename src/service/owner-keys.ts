import { listActivity } from './activity.ts';
import { checkId } from './arguments.ts';
import type { OwnerKeys } from './contract.ts';
import { createKey } from './create.ts';
import { getKey, listKeys } from './read.ts';
import { revokeAllKeys, revokeKey } from './revoke.ts';
import { rotateKey } from './rotate.ts';
import type { Service } from './service.ts';
import { updateKey } from './update.ts';
import { verifyActivity } from './verify-activity.ts';

/** The service with the owner fixed: the store decides in its statements that all else is absent. */
export function ownerKeys(service: Service, owner: string): OwnerKeys {
  const ref = (id: string) => ({ id: checkId(id), owner });
  return {
    create: async (key) => createKey(service, key, owner),
    get: async (id) => getKey(service, ref(id)),
    list: async (filter = {}) => listKeys(service, owner, filter),
    update: async (id, change, options) => updateKey(service, ref(id), change, options),
    rotate: async (id, options) => rotateKey(service, ref(id), options),
    revoke: async (id, by) => revokeKey(service, ref(id), by),
    revokeAll: async (by) => revokeAllKeys(service, owner, by),
    activity: async (filter = {}) => listActivity(service, owner, filter),
    verifyActivity: async ({ expectedHead } = {}) => verifyActivity(service, owner, expectedHead),
  };
}
