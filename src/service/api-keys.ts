import { type Clock, systemClock } from '../clock.ts';
import { invalid } from '../errors.ts';
import { type HttpRefusal, type UnauthorizedOptions, unauthorized } from '../http/refusal.ts';
import type { KeyStore } from '../store.ts';
import type { TokenFormat } from '../token/format.ts';
import { type RandomSource, randomText, systemText } from '../token/random.ts';
import { eraseActor, listActivity } from './activity.ts';
import { checkEnvironments, checkFields, checkId, checkInteger, checkOwner } from './arguments.ts';
import { authenticate, forbidder, verify } from './authenticate.ts';
import type { ApiKeys } from './contract.ts';
import { createKey } from './create.ts';
import { Hooks, type OnEvent } from './hooks.ts';
import { keyIds } from './key-id.ts';
import { ownerKeys } from './owner-keys.ts';
import { getKey, listKeys } from './read.ts';
import { revokeAllKeys, revokeKey } from './revoke.ts';
import { rotateKey } from './rotate.ts';
import type { Service } from './service.ts';
import { updateKey } from './update.ts';
import { UsageLog } from './usage.ts';
import { verifyActivity } from './verify-activity.ts';

export interface ApiKeysOptions<Environment extends string = string> {
  readonly format: TokenFormat<Environment>;
  readonly store: KeyStore;
  /** The environments whose keys this service accepts. Default: the format's first alone. */
  readonly environments?: readonly NoInfer<Environment>[];
  /** The refusal, or what to make it from. */
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
export function createApiKeys<Environment extends string>(
  options: ApiKeysOptions<Environment>,
): ApiKeys<Environment> {
  const service = assemble(options);
  const keys: ApiKeys = {
    format: service.format,
    create: (key) => createKey(service, key),
    verify: (token) => verify(service, token),
    authenticate: (authorization, requirement) => authenticate(service, authorization, requirement),
    get: async (id) => getKey(service, { id: checkId(id) }),
    list: async ({ owner, ...filter }) => listKeys(service, checkOwner(owner), filter),
    update: async (id, change, by) => updateKey(service, { id: checkId(id) }, change, by),
    rotate: async (id, by) => rotateKey(service, { id: checkId(id) }, by),
    revoke: async (id, by) => revokeKey(service, { id: checkId(id) }, by),
    revokeAll: async ({ owner, ...by }) => revokeAllKeys(service, checkOwner(owner), by),
    activity: async ({ owner, ...filter }) => listActivity(service, checkOwner(owner), filter),
    verifyActivity: async ({ owner, expectedHead }) =>
      verifyActivity(service, checkOwner(owner), expectedHead),
    eraseActor: async ({ owner, ...erasure }) => eraseActor(service, checkOwner(owner), erasure),
    forOwner: (owner) => ownerKeys(service, checkOwner(owner)),
    flush: () => service.usage.flush(),
    close: () => service.usage.close(),
  };
  return keys as ApiKeys<Environment>;
}

function assemble(options: ApiKeysOptions): Service {
  checkFields(options, 'options', OPTIONS);
  const { format, store, clock = systemClock, random, onEvent } = options;
  const { storeTimeoutMs = 2000, usageFlushMs = 10_000 } = options;
  if (!Array.isArray(format?.prefixes)) throw invalid('format', 'must come from tokenFormat()');
  checkStore(store);
  checkFunction(clock?.now, 'clock.now');
  if (random !== undefined) checkFunction(random, 'random');
  if (onEvent !== undefined) checkFunction(onEvent, 'onEvent');
  const hooks = new Hooks(onEvent);
  const draw = random === undefined ? systemText : randomText(random);
  const refusal = refusalFrom(options.unauthorized);
  return {
    format,
    store,
    clock,
    hooks,
    environments: checkEnvironments(options.environments ?? [format.environments[0]], format),
    storeTimeoutMs: checkInteger(storeTimeoutMs, 'storeTimeoutMs', 1, MAX_TIMER_MS),
    unauthorized: refusal,
    forbid: forbidder({ clock, hooks, unauthorized: refusal }),
    draw,
    nextId: keyIds(draw),
    usage: new UsageLog({
      store,
      hooks,
      clock,
      flushMs: checkInteger(usageFlushMs, 'usageFlushMs', 1, MAX_TIMER_MS),
    }),
  };
}

function refusalFrom(given: UnauthorizedOptions | HttpRefusal = {}): HttpRefusal {
  if ('status' in given) return given;
  checkFields(given, 'unauthorized', ['realm', 'manageUrl', 'message']);
  return unauthorized(given);
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
