import {
  type ApiKeys,
  type ApiKeysOptions,
  createApiKeys,
  type KeyStore,
  type KeywrightEvent,
  memoryStore,
  type OwnerKeys,
  tokenFormat,
} from 'keywright';

export type Environment = 'live' | 'test';

export const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
export const actor = { id: 'user_1', role: 'admin' };
export const newKey = {
  name: 'Zapier production',
  owner: 'org_1',
  environment: 'live',
  actor,
} as const;

/** A moment in 2025, in epoch milliseconds. */
export const START = 1_750_000_000_000;

/** A service over a memory store, with a clock that stands where `time.now` says, and no held refusals. */
export function setUp(options: Partial<ApiKeysOptions<Environment>> = {}) {
  const time = { now: START };
  const store: KeyStore = options.store ?? memoryStore();
  const events: KeywrightEvent[] = [];
  const keys = createApiKeys({
    format,
    environments: ['live'],
    clock: { now: () => time.now },
    onEvent: (event) => events.push(event),
    refusalMs: 0,
    ...options,
    store,
  });
  return { keys, store, time, events };
}

/** A key of `org_1` and its token. */
export async function makeKey(
  keys: ApiKeys<Environment>,
  fields: Partial<Parameters<typeof keys.create>[0]> = {},
) {
  const { secret, record } = await keys.create({ ...newKey, ...fields });
  return { token: secret.reveal(), record };
}

/** The methods of the service in the shape of those that `forOwner` gives. */
export function asOwnerKeys(keys: ApiKeys<Environment>, owner: string): OwnerKeys<Environment> {
  return {
    create: (key) => keys.create({ ...key, owner }),
    get: keys.get,
    list: (filter) => keys.list({ ...filter, owner }),
    update: keys.update,
    rotate: keys.rotate,
    revoke: keys.revoke,
    revokeAll: (by) => keys.revokeAll({ ...by, owner }),
    activity: (filter) => keys.activity({ ...filter, owner }),
    verifyActivity: (expected) => keys.verifyActivity({ ...expected, owner }),
  };
}

/** The effect of a change on a store that no cache stands before. */
export function effectAt(effectiveAt = START) {
  return { effectiveAt, acknowledged: 0, timedOut: 0 };
}

/** All that a store holds of an owner. */
export async function contentsOf(store: KeyStore, owner = 'org_1') {
  const { items } = await store.list({ owner, limit: 100, now: START });
  return { keys: items, events: await store.readChain(owner, 0, 10_000) };
}

/** What `work` throws or rejects with; fails where nothing is thrown. */
export async function failureOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** Milliseconds of this process's own CPU time that `work` takes, whatever else the machine does. */
export function cpuMsOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** A value of the wrong type, past the compiler. */
export function wrong(value: unknown): never {
  return value as never;
}
