import type { Principal } from '../../record.ts';
import type { ApiKeys, Requirement } from '../../service/contract.ts';
import { socketExchange } from './socket.ts';
import { type WebHandler, webExchange } from './web.ts';
import type { Exchange } from './wire.ts';

/** The environments of the suite's keys; the service accepts `live`. */
export type GuardEnvironment = 'live' | 'test';

/** A route that the host serves, behind the guard, for every method. */
export interface GuardedRoute {
  /** The whole path: `/open`. */
  readonly path: string;
  /** What `apiKeyGuard` is given here. */
  readonly options: Requirement<GuardEnvironment>;
  /** What `requireScopes` is given, between the guard and the handler; absent where it is not used. */
  readonly requireScopes?: readonly string[];
  /**
   * To be called by the route's handler with the principal that the guard handed on. The answer has
   * status 200 and this text, as `application/json`.
   */
  readonly handle: (principal: Principal) => string;
}

/**
 * Where the routes are served:
 *
 * - `origin`: by a server that listens there, such as `http://127.0.0.1:8080`; the suite writes raw
 *   bytes to its socket, and needs `node:net` for it
 * - `fetch`: by a function on Web standards
 * - `exchange`: over anything else, such as HTTP/2 or the events of a function platform
 */
export type GuardSite = (
  | { readonly origin: string }
  | { readonly fetch: WebHandler }
  | { readonly exchange: Exchange }
) & {
  /** Called once the check is over, whatever came of it. */
  readonly close?: () => Promise<void> | void;
};

/** Serves the routes with the guard under test. */
export type OpenGuard = (
  keys: ApiKeys<GuardEnvironment>,
  routes: readonly GuardedRoute[],
) => Promise<GuardSite> | GuardSite;

export function exchangeOf(site: GuardSite): Exchange {
  if ('origin' in site) return socketExchange(site.origin);
  return 'fetch' in site ? webExchange(site.fetch) : site.exchange;
}
