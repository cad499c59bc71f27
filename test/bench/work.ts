import { Session } from 'node:inspector/promises';
import type { ApiKeys, KeyStore } from 'keywright';
import { exactly, type Figure, type Measurement } from './figure.ts';

type Environment = 'live' | 'test';
type Keys = ApiKeys<Environment>;
type Core = typeof import('keywright');

/** A token for which a service that accepts live keys has the reason to refuse that is named. */
const CASES: Readonly<Record<string, (core: Core, keys: Keys) => string | Promise<string>>> = {
  unknown: ({ generateToken }, { format }) => generateToken(format, 'live'),
  revoked: async (_, keys) => {
    const { id, token } = await createKey(keys, 'live');
    await keys.revoke(id, { actor });
    return token;
  },
  expired: async (_, keys) => {
    const { id, token } = await createKey(keys, 'live');
    await keys.update(id, { expiresAt: Date.now() }, { actor });
    return token;
  },
  disabled: async (_, keys) => {
    const { id, token } = await createKey(keys, 'live');
    await keys.update(id, { enabled: false }, { actor });
    return token;
  },
  environment: async (_, keys) => (await createKey(keys, 'test')).token,
};

const actor = { id: 'user_1' };

async function createKey(keys: Keys, environment: Environment) {
  const key = { name: 'key', owner: 'org_1', environment, actor };
  const { secret, record } = await keys.create(key);
  return { id: record.id, token: secret.reveal() };
}

/** How often the work of a verification was done. */
interface Work {
  digests: number;
  lookUps: number;
  comparisons: number;
}

/**
 * Counts what one verification does: calls of the runtime's SHA-256 and of the store by standing
 * before them, calls of the comparison, which nothing outside can stand before, by the engine's own
 * count of calls.
 */
async function workOf(reason: string): Promise<Work> {
  const work = { digests: 0, lookUps: 0, comparisons: 0 };
  const crypto = process.getBuiltinModule('node:crypto');
  const { hash } = crypto;
  // The core takes hold of the function when it is imported, so it is imported only now.
  crypto.hash = ((...args: Parameters<typeof hash>) => {
    work.digests++;
    return hash(...args);
  }) as typeof hash;
  const core = await import('keywright');
  const store = core.memoryStore();
  const counted: KeyStore = {
    ...store,
    findByDigest(digest) {
      work.lookUps++;
      return store.findByDigest(digest);
    },
  };
  const format = core.tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
  const keys = core.createApiKeys({ format, store: counted, environments: ['live'] });
  const token = await CASES[reason]?.(core, keys);
  if (token === undefined) throw new Error(`no token for ${reason}`);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  Object.assign(work, { digests: 0, lookUps: 0 });
  const verification = await keys.verify(token);
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  if (verification.ok || verification.reason !== reason) throw new Error(`not refused: ${reason}`);
  const functions = result.flatMap((script) => script.functions);
  for (const { functionName, ranges } of functions) {
    if (functionName === 'digestsEqual') work.comparisons += ranges[0]?.count ?? 0;
  }
  return work;
}

/** The count that is furthest from one, so that one stands for all three. */
async function measureWork(reason: string): Promise<Measurement> {
  const counts = Object.values(await workOf(reason));
  const [value = 0] = counts.toSorted((a, b) => Math.abs(b - 1) - Math.abs(a - 1));
  return { value };
}

export const figures: readonly Figure[] = Object.keys(CASES).map((reason) => ({
  id: `work.${reason}`,
  title: `digests, look-ups and comparisons of a token refused as ${reason}`,
  unit: '',
  bar: exactly(1),
  measure: () => measureWork(reason),
}));
