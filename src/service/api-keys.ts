import { type Clock, systemClock, wholeClock } from '../clock.ts';
import type { LegacyFormat } from '../digest/legacy.ts';
import { invalid } from '../errors.ts';
import { checkFields, checkInteger, checkObject } from '../fields.ts';
import { type HttpRefusal, insufficientScope, type UnauthorizedOptions } from '../http/refusal.ts';
import { defined, type JsonObject } from '../json.ts';
import { Changes } from '../rules/changes.ts';
import type { KeyStore } from '../store.ts';
import { TickWheel } from '../tick-wheel.ts';
import type { TokenFormat } from '../token/format.ts';
import { type RandomSource, randomText, systemText } from '../token/random.ts';
import { acceptedEnvironments, legacyFormats } from './accepted.ts';
import { eraseActor, listActivity } from './activity.ts';
import { checkOwner, checkScopes } from './arguments.ts';
import { authenticateRequest, verifyForApplication } from './authenticate.ts';
import type { ApiKeys } from './contract.ts';
import { createKey } from './create.ts';
import { fieldReader } from './fields.ts';
import { Handles } from './handle.ts';
import { Hooks, type OnEvent } from './hooks.ts';
import { keyIds } from './key-id.ts';
import { type MetadataSchema, requiresMetadata } from './metadata.ts';
import { keysById, ownerKeys } from './owner-keys.ts';
import { listKeys } from './read.ts';
import { refusalFrom } from './refusal.ts';
import { checkRequirement } from './requirement.ts';
import { revokeAllKeys } from './revoke.ts';
import type { Service } from './service.ts';
import { UsageLog } from './usage.ts';
import { verifyActivity } from './verify-activity.ts';

/** Options of {@link createApiKeys}. */
export interface ApiKeysOptions<
  Environment extends string = string,
  Scope extends string = string,
  Metadata extends object = JsonObject,
  MetadataInput extends object = Metadata,
> {
  /** The format of tokens, from `tokenFormat`, with the names of the environments. */
  readonly format: TokenFormat<Environment>;
  /** The store of keys and their activity. Keywright never closes it. */
  readonly store: KeyStore;
  /**
   * The environments whose keys this service accepts. Pass `format.environments` to accept all. Required
   * if the format has several. `create` accepts every environment of the format.
   */
  readonly environments?: readonly NoInfer<Environment>[];
  /** Formats of keys that were imported from other systems, each from `legacyFormat`. At most 8. */
  readonly legacy?: readonly LegacyFormat[];
  /**
   * All scopes of this service. `create` and `update` reject other scopes, and a guard that requires one
   * throws. The standalone `requireScopes` cannot check them: it answers 403 to every request if the scope
   * is not declared. Existing keys keep their scopes. Default: any scope is allowed.
   */
  readonly scopes?: readonly Scope[];
  /**
   * A Standard Schema (zod, valibot, arktype, …) that validates metadata when it is written. Its output
   * is stored as plain JSON, and not validated again when it is read. Default: any JSON object.
   */
  readonly metadata?: MetadataSchema<MetadataInput, Metadata>;
  /**
   * The 401 response, or options for it. A response of your own is copied. It must have a status of 400 to
   * 599, ASCII headers and a string body.
   */
  readonly unauthorized?: UnauthorizedOptions | HttpRefusal;
  /** Receives every verification, with the precise reason of a refusal. See {@link KeywrightEvent}. */
  readonly onEvent?: OnEvent;
  /**
   * Milliseconds for which `authenticate`, and so every guard, delays the refusal of a well-formed token:
   * 0 to 1,000, default 5. The delay hides whether the key is unknown or revoked. A shared clock ticks with
   * this period. A refusal is released at the first tick that is at least one period after the request. If
   * the store took longer, it is released at the next tick. 0 turns the delay off. `verify` does not delay.
   */
  readonly refusalMs?: number;
  /** Milliseconds after which a store that has not answered counts as failed. Default 2,000. */
  readonly storeTimeoutMs?: number;
  /**
   * Milliseconds after which a change that has not committed rejects with `store_unavailable`. Its
   * `indeterminate` is true if the commit had been sent, because the change may have been made. Bounds
   * neither the wait for caches nor a change that joins your transaction. Default 30,000.
   */
  readonly changeTimeoutMs?: number;
  /** Milliseconds for which times of last use are collected before they are written. Default 10,000. */
  readonly usageFlushMs?: number;
  /** The source of the current time. Default: the wall clock. */
  readonly clock?: Clock;
  /** The source of random bytes, for tests. Default `crypto.getRandomValues`. */
  readonly random?: RandomSource;
}

const OPTIONS = [
  'format',
  'store',
  'environments',
  'legacy',
  'scopes',
  'metadata',
  'unauthorized',
  'onEvent',
  'refusalMs',
  'storeTimeoutMs',
  'changeTimeoutMs',
  'usageFlushMs',
  'clock',
  'random',
];

const STORE_METHODS: readonly (keyof KeyStore)[] = [
  'findByDigest',
  'find',
  'list',
  'view',
  'commit',
  'recordUsage',
  'listActivity',
  'readChain',
  'head',
];

// A timer of more than 2^31 - 1 milliseconds fires at once.
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * API keys for a service: create, verify, rotate and revoke them, and log who did what.
 *
 * @example
 * ```ts
 * const keys = createApiKeys({
 *   format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
 *   environments: ['live'],
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
    usageFlushMs: service.usage.flushMs,
    requiresMetadata: () => requiresMetadata(service.metadata),
    ...keysById(service),
    create: ownedBy(service, 'key', createKey),
    verify: (token) => verifyForApplication(service, token),
    authenticate: Handles.attach(
      async (presented, requirement = {}) => service.handle.prepare(requirement)(presented),
      service.handle,
    ),
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

/** Separates `owner` from the other fields of an operation's input. */
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
  const { refusalMs = 5, storeTimeoutMs = 2000, usageFlushMs = 10_000 } = options;
  const { changeTimeoutMs = 30_000 } = options;
  if (!Array.isArray(format?.prefixes)) throw invalid('format', 'must come from tokenFormat()');
  checkStore(store);
  if (options.clock !== undefined) checkFunction(options.clock?.now, 'clock.now');
  if (random !== undefined) checkFunction(random, 'random');
  if (onEvent !== undefined) checkFunction(onEvent, 'onEvent');
  if (metadata !== undefined) checkFunction(metadata?.['~standard']?.validate, 'metadata');
  const clock = options.clock ? wholeClock(options.clock) : systemClock;
  const viewTimeoutMs = checkInteger(storeTimeoutMs, 'storeTimeoutMs', 1, MAX_TIMER_MS);
  const hooks = new Hooks(onEvent, clock);
  const draw = random === undefined ? systemText : randomText(random);
  const refusal = refusalFrom(options.unauthorized);
  const scopes = options.scopes && checkScopes(options.scopes);
  const legacy = legacyFormats(options.legacy, format);
  const service: Service = {
    format,
    legacy,
    store,
    changes: new Changes(store, {
      ...{ clock, viewTimeoutMs },
      changeTimeoutMs: checkInteger(changeTimeoutMs, 'changeTimeoutMs', 1, MAX_TIMER_MS),
    }),
    clock,
    hooks,
    read: fieldReader(format, scopes, clock),
    scopes,
    metadata,
    environments: acceptedEnvironments(options.environments, format),
    storeTimeoutMs: viewTimeoutMs,
    unauthorized: refusal,
    refusals: new TickWheel(checkInteger(refusalMs, 'refusalMs', 0, 1000)),
    draw,
    nextId: keyIds(draw),
    usage: new UsageLog({
      store,
      storeTimeoutMs,
      hooks,
      flushMs: checkInteger(usageFlushMs, 'usageFlushMs', 1, MAX_TIMER_MS),
    }),
    handle: {
      get service() {
        return service;
      },
      prepare: (requirement) => {
        const checked = checkRequirement(requirement, service);
        return (lines) => authenticateRequest(service, lines, checked);
      },
      forbid: ({ keyId, owner, environment }, scopes) => {
        const reason = 'insufficient_scope';
        hooks.emit({ type: 'refused', at: hooks.now(), reason, keyId, owner, environment });
        return insufficientScope(refusal, scopes);
      },
    },
  };
  return service;
}

function checkStore(store: unknown): void {
  if (typeof store !== 'object' || store === null)
    throw invalid('store', 'must be a KeyStore, such as memoryStore()');
  for (const method of STORE_METHODS) {
    checkFunction((store as Record<string, unknown>)[method], `store.${method}`);
  }
}

function checkFunction(value: unknown, argument: string): void {
  if (typeof value !== 'function') throw invalid(argument, 'must be a function');
}
