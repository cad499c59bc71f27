import type { Principal } from '../../record.ts';
import { type ApiKeysOptions, createApiKeys } from '../../service/api-keys.ts';
import type { ApiKeys } from '../../service/contract.ts';
import type { KeywrightEvent } from '../../service/hooks.ts';
import type { NewKey } from '../../service/input.ts';
import { memoryStore } from '../../stores/memory.ts';
import { tokenFormat } from '../../token/format.ts';
import { assert } from '../assert.ts';
import {
  exchangeOf,
  type GuardEnvironment,
  type GuardedRoute,
  type GuardSite,
  type OpenGuard,
} from './site.ts';
import type { Exchange, FieldLine } from './wire.ts';

/** A caller with a key. */
export interface Caller {
  readonly token: string;
  readonly principal: Principal<GuardEnvironment>;
}

/** The set-up of a check: a service with a first key, and the routes below behind the guard under test. */
export interface Stage {
  readonly keys: ApiKeys<GuardEnvironment>;
  readonly exchange: Exchange;
  /** A caller with a valid key of the environment `live`, without scopes. */
  readonly caller: Caller;
  /** All events that the service has passed to `onEvent`. */
  readonly events: readonly KeywrightEvent[];
  /** How often the handler of a route has run. */
  readonly handled: () => number;
  /** Creates a key. Default: `live`, without scopes. */
  readonly issue: (fields?: Partial<NewKey<GuardEnvironment>>) => Promise<Caller>;
}

export type Check = (open: OpenGuard) => Promise<void>;

/** Checks by what they verify, as a sentence. */
export type Topic = Readonly<Record<string, Check>>;

const HEADERS = ['authorization', 'X-API-Key'];

/** The routes of every stage, by what they require. */
const REQUIREMENTS: readonly Omit<GuardedRoute, 'handle'>[] = [
  { path: '/open', options: {} },
  { path: '/test', options: { environments: ['test'] } },
  { path: '/both', options: { environments: ['live', 'test'] } },
  { path: '/read', options: { scopes: ['orders:read'] } },
  { path: '/write', options: {}, requireScopes: ['orders:write', 'orders:read'] },
  { path: '/strict', options: { scopes: ['orders:read'] }, requireScopes: ['orders:write'] },
  { path: '/keyed', options: { headers: HEADERS } },
  { path: '/keyed-read', options: { headers: HEADERS, scopes: ['orders:read'] } },
];

export const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });

export const actor = { id: 'user_1' };

/** The line that presents a token. */
export function bearer(token: string): FieldLine {
  return ['Authorization', `Bearer ${token}`];
}

/** Creates a check that runs on its own stage. */
export function onStage(
  work: (stage: Stage) => Promise<void>,
  options: Partial<ApiKeysOptions<GuardEnvironment>> = {},
): Check {
  return async (open) => {
    const events: KeywrightEvent[] = [];
    const tokens: string[] = [];
    let handled = 0;
    const keys = createApiKeys({
      format,
      environments: ['live'],
      store: memoryStore(),
      onEvent: (event) => events.push(event),
      refusalMs: 0,
      ...options,
    });
    const issue = async (fields: Partial<NewKey<GuardEnvironment>> = {}): Promise<Caller> => {
      const caller = await issueKey(keys, fields);
      tokens.push(caller.token);
      return caller;
    };
    const caller = await issue();
    const handle = (principal: Principal) => {
      handled++;
      return JSON.stringify(principal);
    };
    const site = await open(
      keys,
      REQUIREMENTS.map((requirement) => ({ ...requirement, handle })),
    );
    const exchange = exchangeOf(site);
    await thenClose(site, keys, () =>
      work({ keys, exchange, caller, events, issue, handled: () => handled }),
    );
    assertNoToken(events, tokens);
  };
}

async function issueKey(
  keys: ApiKeys<GuardEnvironment>,
  fields: Partial<NewKey<GuardEnvironment>>,
): Promise<Caller> {
  const { secret, record } = await keys.create({
    name: 'Zapier production',
    owner: 'org_1',
    environment: 'live',
    actor,
    metadata: { plan: 'pro', limits: { perMinute: 60 } },
    ...fields,
  });
  const { id: keyId, name, owner, environment, scopes, metadata } = record;
  return {
    token: secret.reveal(),
    principal: { keyId, name, owner, environment, scopes, metadata },
  };
}

async function thenClose(
  site: GuardSite,
  keys: ApiKeys<GuardEnvironment>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (failure) {
    // An error on closing must not hide why the check failed.
    await Promise.resolve(site.close?.()).catch(() => {});
    throw failure;
  }
  await site.close?.();
  await keys.close();
}

/** Looks for the end of the secret, so that a token without its prefix is found too. */
function assertNoToken(events: readonly KeywrightEvent[], tokens: readonly string[]): void {
  const text = JSON.stringify(events, (_, value: unknown) =>
    value instanceof Error ? `${value.stack} ${String(value.cause)}` : value,
  );
  for (const token of tokens) {
    assert(!text.includes(token.slice(-20)), 'no event holds a token');
  }
}
