import { type Clock, systemClock, wholeClock } from '../clock.ts';
import { invalid } from '../errors.ts';
import { checkFields, checkObject } from '../fields.ts';
import type { HttpRefusal, UnauthorizedOptions } from '../http/refusal.ts';
import { defined, type JsonObject } from '../json.ts';
import type { KeyStore } from '../store.ts';
import type { TokenFormat } from '../token/format.ts';
import { type RandomSource, randomText, systemText } from '../token/random.ts';
import { eraseActor, listActivity } from './activity.ts';
import { checkEnvironments, checkInteger, checkOwner, checkScopes } from './arguments.ts';
import { promising } from './at-once.ts';
import { authenticate, forbidder, verify } from './authenticate.ts';
import type { ApiKeys } from './contract.ts';
import { createKey } from './create.ts';
import { fieldReader } from './fields.ts';
import { Hooks, type OnEvent } from './hooks.ts';
import { keyIds } from './key-id.ts';
import type { MetadataSchema } from './metadata.ts';
import { keysById, ownerKeys } from './owner-keys.ts';
import { listKeys } from './read.ts';
import { refusalFrom } from './refusal.ts';
import { revokeAllKeys } from './revoke.ts';
import type { Service } from './service.ts';
import { UsageLog } from './usage.ts';
import { verifyActivity } from './verify-activity.ts';

/** What `createApiKeys` is made of. */
export interface ApiKeysOptions<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> {
  /** What tokens look like, and which environments there are. */
  readonly format: TokenFormat<Environment>;
  /** Where keys and their activity are kept. It stays open: it is the host's. */
  readonly store: KeyStore;
  /** The environments whose keys this service accepts. Default: the format's first alone. */
  readonly environments?: readonly NoInfer<Environment>[];
  /**
   * The scopes that there are: keys get no others, and a guard that asks for another is not made.
   * `requireScopes` does not know the service: a scope that there is not answers 403 to everybody.
   * Default: any. Keys that were made before keep those that they have.
   */
  readonly scopes?: readonly Scope[];
  /**
   * A Standard Schema (zod, valibot, arktype, …) that metadata must pass when it is written; what it
   * makes of it is kept, as plain JSON, and not looked at again when it is read. Default: any JSON.
   */
  readonly metadata?: MetadataSchema<MetadataInput, Metadata>;
  /**
   * The refusal, or what to make it from. Of one of your own a copy is kept, once it is known that it
   * can be sent: a status of 400 to 599, headers in ASCII, a text for a body.
   */
  readonly unauthorized?: UnauthorizedOptions | HttpRefusal;
  /** Told of every verification, with the precise reason of a refusal. See {@link KeywrightEvent}. */
  readonly onEvent?: OnEvent;
  /** Milliseconds after which a store that has not answered counts as failed. Default 2,000. */
  readonly storeTimeoutMs?: number;
  /** Milliseconds for which times of last use are collected before they are written. Default 10,000. */
  readonly usageFlushMs?: number;
  /** Default: the wall clock. */
  readonly clock?: Clock;
  /** Where random bytes come from, for tests. Default `crypto.getRandomValues`. */
  readonly random?: RandomSource;
}

const OPTIONS = [
  'format',
  'store',
  'environments',
  'scopes',
  'metadata',
  'unauthorized',
  'onEvent',
  'storeTimeoutMs',
  'usageFlushMs',
  'clock',
  'random',
];

const STORE_METHODS: readonly (keyof KeyStore)[] = [
  'findByDigest',
  'find',
  'list',
  'create',
  'update',
  'rotate',
  'revoke',
  'revokeAll',
  'recordUsage',
  'upgradeDigest',
  'listActivity',
  'readChain',
  'head',
  'eraseActor',
];

// Past 2^31 - 1 milliseconds, timers fire at once.
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * API keys for a service: create, verify, rotate, revoke, and who did what and when.
 *
 * @example
 * ```ts
 * const keys = createApiKeys({
 *   format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
 *   store: memoryStore(),
 * });
 * const { secret } = await keys.create({
 *   name: 'Zapier production',
 *   owner: 'org_1',
 *   environment: 'live',
 *   actor: { id: 'user_1' },
 * });
 * const result = await keys.verify(secret.reveal());
 * if (result.ok) console.log(result.principal.owner); // org_1
 * ```
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function createApiKeys<
  Environment extends string,
  const Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
>(
  options: ApiKeysOptions<Environment, Scope, Metadata, MetadataInput>,
): ApiKeys<Environment, Scope, Metadata, MetadataInput> {
  const service = assemble(options);
  const keys: ApiKeys = {
    format: service.format,
    ...defined({ scopes: service.scopes }),
    ...keysById(service),
    create: ownedBy(service, 'key', createKey),
    verify: (token) => verify(service, token),
    authenticate: promising((lines, requirement) => authenticate(service, lines, requirement)),
    list: ownedBy(service, 'filter', listKeys),
    revokeAll: ownedBy(service, 'options', revokeAllKeys),
    activity: ownedBy(service, 'filter', listActivity),
    verifyActivity: ownedBy(service, 'options', verifyActivity),
    eraseActor: ownedBy(service, 'erasure', eraseActor),
    forOwner: (owner) => ownerKeys(service, checkOwner(owner)),
    flush: () => service.usage.flush(),
    close: () => service.usage.close(),
  };
  return keys as unknown as ApiKeys<Environment, Scope, Metadata, MetadataInput>;
}

/** Parts the owner from the input of an operation that takes one. */
function ownedBy<Input extends { readonly owner: string }, Result>(
  service: Service,
  argument: string,
  operation: (service: Service, owner: string, rest: Omit<Input, 'owner'>) => Promise<Result>,
): (input: Input) => Promise<Result> {
  return async (input) => {
    checkObject(input, argument);
    const { owner, ...rest } = input;
    return operation(service, checkOwner(owner), rest);
  };
}

function assemble(options: ApiKeysOptions<string, string, object>): Service {
  checkFields(options, 'options', OPTIONS);
  const { format, store, random, metadata, onEvent } = options;
  const { environments = [format?.environments?.[0]] } = options;
  const { storeTimeoutMs = 2000, usageFlushMs = 10_000 } = options;
  if (!Array.isArray(format?.prefixes)) throw invalid('format', 'must come from tokenFormat()');
  checkStore(store);
  if (options.clock !== undefined) checkFunction(options.clock?.now, 'clock.now');
  if (random !== undefined) checkFunction(random, 'random');
  if (onEvent !== undefined) checkFunction(onEvent, 'onEvent');
  if (metadata !== undefined) checkFunction(metadata?.['~standard']?.validate, 'metadata');
  const clock = options.clock ? wholeClock(options.clock) : systemClock;
  const hooks = new Hooks(onEvent, clock);
  const draw = random === undefined ? systemText : randomText(random);
  const refusal = refusalFrom(options.unauthorized);
  const scopes = options.scopes && checkScopes(options.scopes);
  return {
    format,
    store,
    clock,
    hooks,
    read: fieldReader(format, scopes, clock),
    scopes,
    metadata,
    environments: checkEnvironments(environments, format),
    storeTimeoutMs: checkInteger(storeTimeoutMs, 'storeTimeoutMs', 1, MAX_TIMER_MS),
    unauthorized: refusal,
    forbid: forbidder({ hooks, unauthorized: refusal }),
    draw,
    nextId: keyIds(draw),
    usage: new UsageLog({
      store,
      storeTimeoutMs,
      hooks,
      flushMs: checkInteger(usageFlushMs, 'usageFlushMs', 1, MAX_TIMER_MS),
    }),
  };
}

function checkStore(store: unknown): void {
  if (typeof store !== 'object' || store === null) throw invalid('store', 'must be a KeyStore');
  for (const method of STORE_METHODS) {
    checkFunction((store as Record<string, unknown>)[method], `store.${method}`);
  }
}

function checkFunction(value: unknown, argument: string): void {
  if (typeof value !== 'function') throw invalid(argument, 'must be a function');
}
