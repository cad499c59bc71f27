import { digestToken } from '../digest/sha256.ts';
import { KeywrightError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { StoredKey } from '../record.ts';
import { createApiKeys } from '../service/api-keys.ts';
import type { ApiKeys } from '../service/contract.ts';
import type { KeyStore } from '../store.ts';
import { tokenFormat } from '../token/format.ts';
import { generateToken } from '../token/generate.ts';
import { START } from './fixtures.ts';

/** Whom the request of a test speaks for; what is left out is `org_1` in `live`, without scopes. */
export interface TestPrincipal {
  readonly keyId?: string;
  readonly name?: string;
  readonly owner?: string;
  readonly environment?: string;
  readonly scopes?: readonly string[];
  readonly metadata?: JsonObject;
}

/** A request of a test, authenticated without a store. */
export interface TestAuthentication {
  /** For the guard under test, in the place of the service's own keys. */
  readonly keys: ApiKeys;
  readonly token: string;
  /** The value of the Authorization header that authenticates as the principal. */
  readonly authorization: string;
}

/**
 * Authenticates a service's test requests as a given principal, without a store and without a key:
 * the guard is the real one, and every other credential is refused as it would be.
 *
 * @throws KeywrightError `invalid_argument` for an environment that no token can bear
 *
 * @example
 * ```ts
 * const { keys, authorization } = authenticatedAs({ owner: 'org_1', scopes: ['orders:read'] });
 * const handler = apiKeyGuard(keys, (_request, { owner }) => new Response(owner));
 * const request = new Request('https://api.example.com/orders', { headers: { authorization } });
 * console.log(await (await handler(request)).text()); // org_1
 * ```
 */
export function authenticatedAs(principal: TestPrincipal = {}): TestAuthentication {
  const { keyId = 'key_test', environment = 'live', ...described } = principal;
  const format = tokenFormat({ brand: 'test', environments: [environment] });
  const token = generateToken(format, environment);
  const key: StoredKey = {
    name: 'Test key',
    owner: 'org_1',
    scopes: [],
    metadata: {},
    ...described,
    id: keyId,
    environment,
    digest: digestToken(token),
    hint: `test_${environment}_`,
    enabled: true,
    createdAt: START,
    createdBy: { id: 'user_1' },
  };
  const keys = createApiKeys({ format, store: storeOf(key) });
  return { keys, token, authorization: `Bearer ${token}` };
}

/** A store that knows one key and keeps nothing. */
function storeOf(key: StoredKey): KeyStore {
  const absent = async () => {
    throw new KeywrightError(
      'store_unavailable',
      'authenticatedAs() has no store: use testApiKeys()',
    );
  };
  return {
    findByDigest: (digest) => (digest === key.digest ? key : undefined),
    find: async ({ id, owner = key.owner }) =>
      id === key.id && owner === key.owner ? key : undefined,
    list: absent,
    create: absent,
    update: absent,
    rotate: absent,
    revoke: absent,
    revokeAll: absent,
    recordUsage: async () => {},
    upgradeDigest: absent,
    listActivity: absent,
    readChain: absent,
    head: absent,
    eraseActor: absent,
  };
}
