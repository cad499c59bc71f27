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
  withTestFormat,
} from './test-service-options.ts';

/**
 * The principal of a test request. Defaults: the owner `org_1`, the first environment that the service
 * accepts, no scopes, and `{}` as metadata if the service's schema allows that.
 */
export type TestPrincipal<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
> = Partial<Omit<Principal<Environment, Scope>, 'metadata'>> & NewKeyMetadata<Metadata>;

/** A test request, authenticated without a store. */
export interface TestAuthentication<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> {
  /** For the guard under test, instead of the service's own keys. Refusals have no delay (`refusalMs: 0`). */
  readonly keys: ApiKeys<Environment, Scope, Metadata, MetadataInput>;
  readonly token: string;
  /** The value of the Authorization header that authenticates as the principal. */
  readonly authorization: string;
}

/**
 * Authenticates test requests as a given principal, without a store and without creating a key. The guard
 * is the real one, and refuses every other credential as usual.
 *
 * The environments are `live`, `test` and the principal's own. The keys accept the principal's environment,
 * unless a guard sets others. If your service has its own format, scopes or metadata, pass its options too.
 *
 * @throws KeywrightError `invalid_argument` for a field that no key can have, such as an environment
 * that no token can contain
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
 * The same for a service with options of its own. The keys have its types, accept its environments, and
 * send its refusals.
 *
 * @param principal with an environment of the format and scopes of the service. Its metadata is the output
 * of the schema, which does not run again.
 * @param options the options of the service, without `store` and `clock`
 * @throws KeywrightError `invalid_argument` that names the field or the option, also if it is unknown
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
  const service = withTestFormat(options, principal.environment);
  const { format, environments, random } = service;
  // Create the service first: it checks the options from which the key is built.
  const keys = createApiKeys({ refusalMs: 0, ...service, store: storeOf(() => key) });
  const { environment = acceptedFirst(format, environments), ...described } = principal;
  const token = generateToken(format, environment, random);
  const key = keyOf(keys, { ...described, environment }, token);
  return { keys, token, authorization: `Bearer ${token}` };
}

/** Builds the key of the principal. It is a key that the service could have created. */
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

/** A store that has one key and stores nothing. */
function storeOf(onlyKey: () => StoredKey): KeyStore {
  const absent = async () => {
    throw new KeywrightError(
      'store_unavailable',
      'authenticatedAs() has no store: use testApiKeys()',
    );
  };
  return {
    findByDigest: (digest) => (digest === onlyKey().digest ? onlyKey() : undefined),
    find: async ({ id, owner = onlyKey().owner }) =>
      id === onlyKey().id && owner === onlyKey().owner ? onlyKey() : undefined,
    view: absent,
    commit: absent,
    recordUsage: async () => {},
    list: absent,
    listActivity: absent,
    readChain: absent,
    head: absent,
  };
}
