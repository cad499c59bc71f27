import { systemClock } from '../clock.ts';
import { digestToken } from '../digest/sha256.ts';
import { KeywrightError } from '../errors.ts';
import { checkObject } from '../fields.ts';
import type { JsonObject } from '../json.ts';
import type { Principal, StoredKey } from '../record.ts';
import { createApiKeys } from '../service/api-keys.ts';
import type { ApiKeys } from '../service/contract.ts';
import { fieldReader } from '../service/fields.ts';
import type { NewKeyMetadata } from '../service/input.ts';
import type { KeyStore } from '../store.ts';
import { generateToken } from '../token/generate.ts';
import { hintOf } from '../token/parse.ts';
import { START } from './fixtures.ts';
import {
  acceptedFirst,
  checkOwn,
  type TestServiceOptions,
  testFormat,
} from './test-service-options.ts';

/**
 * Whom the request of a test speaks for. What is left out is `org_1`, in the first environment that
 * the service accepts, without scopes; metadata is `{}`, where the service's schema allows that.
 */
export type TestPrincipal<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> = Partial<Omit<Principal<Environment, Scope>, 'metadata'>> & NewKeyMetadata<Metadata>;

/** A request of a test, authenticated without a store. */
export interface TestAuthentication<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> {
  /** For the guard under test, in the place of the service's own keys. */
  readonly keys: ApiKeys<Environment, Scope, Metadata, MetadataInput>;
  readonly token: string;
  /** The value of the Authorization header that authenticates as the principal. */
  readonly authorization: string;
}

/**
 * Authenticates a service's test requests as a given principal, without a store and without a key:
 * the guard is the real one, and every other credential is refused as it would be.
 *
 * The environments are `live`, `test` and the principal's own, which is what the keys accept unless a
 * guard names others. A service with a format, scopes or metadata of its own gives its options too.
 *
 * @throws KeywrightError `invalid_argument` for a field that no key can have, such as an environment
 * that no token can bear
 *
 * @example
 * ```ts
 * const { keys, authorization } = authenticatedAs({ owner: 'org_1', scopes: ['orders:read'] });
 * const handler = apiKeyGuard(keys, (_request, { owner }) => new Response(owner));
 * const request = new Request('https://api.example.com/orders', { headers: { authorization } });
 * console.log(await (await handler(request)).text()); // org_1
 * ```
 */
export function authenticatedAs<Environment extends string = never>(
  principal?: TestPrincipal<Environment>,
): TestAuthentication<Environment | 'live' | 'test'>;
/**
 * The same for a service that has options of its own: the keys have its types, accept the
 * environments that it accepts, and refuse in its words.
 *
 * @param principal in an environment of the format and with scopes that there are; its metadata is as
 * the schema makes it, which is not asked again
 * @param options what the service is made with, without store and clock
 * @throws KeywrightError `invalid_argument` that names the field or the option, also for one that is
 * not known
 *
 * @example
 * ```ts
 * const options = {
 *   format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
 *   scopes: ['orders:read', 'orders:write'],
 * } as const;
 * const { keys } = authenticatedAs({ environment: 'test', scopes: ['orders:read'] }, options);
 * const guard = apiKeyGuard(keys, { environments: ['test'], scopes: ['orders:read'] });
 * ```
 */
export function authenticatedAs<
  Environment extends string = 'live' | 'test',
  const Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
>(
  principal: NoInfer<TestPrincipal<Environment, Scope, Metadata>>,
  options: TestServiceOptions<Environment, Scope, Metadata, MetadataInput>,
): TestAuthentication<Environment, Scope, Metadata, MetadataInput>;
export function authenticatedAs(
  principal: TestPrincipal = {},
  options: TestServiceOptions = {},
): TestAuthentication {
  checkObject(principal, 'principal');
  checkOwn(options);
  const { environments, random } = options;
  const { format = testFormat(principal.environment ?? environments?.[0]) } = options;
  // The service comes first, as it checks the options that the key is made by.
  const keys = createApiKeys({ ...options, format, store: storeOf(() => key) });
  const { environment = acceptedFirst(format, environments), ...described } = principal;
  const token = generateToken(format, environment, random);
  const key = keyOf(keys, { ...described, environment }, token);
  return { keys, token, authorization: `Bearer ${token}` };
}

/** The key of the principal, which is one that the service could have made. */
function keyOf({ format, scopes }: ApiKeys, principal: TestPrincipal, token: string): StoredKey {
  const read = fieldReader(format, scopes, systemClock);
  const { keyId, environment, ...described } = read(
    principal,
    'principal',
    ['environment'],
    ['keyId', 'name', 'owner', 'scopes', 'metadata'],
  );
  return {
    name: 'Test key',
    owner: 'org_1',
    scopes: [],
    metadata: {},
    ...described,
    id: keyId ?? 'key_test',
    environment,
    digest: digestToken(token),
    hint: hintOf(format, environment, token),
    enabled: true,
    createdAt: START,
    createdBy: { id: 'user_1' },
  };
}

/** A store that knows one key and keeps nothing. */
function storeOf(known: () => StoredKey): KeyStore {
  const absent = async () => {
    throw new KeywrightError(
      'store_unavailable',
      'authenticatedAs() has no store: use testApiKeys()',
    );
  };
  return {
    findByDigest: (digest) => (digest === known().digest ? known() : undefined),
    find: async ({ id, owner = known().owner }) =>
      id === known().id && owner === known().owner ? known() : undefined,
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
