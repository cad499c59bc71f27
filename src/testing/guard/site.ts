import type { Principal } from '../../record.ts';
import type { ApiKeys, Requirement } from '../../service/contract.ts';
import { socketExchange } from './socket.ts';
import { type WebHandler, webExchange } from './web.ts';
import type { Exchange } from './wire.ts';

/** The environments of the suite's keys; the service accepts `live`. */
export type GuardEnvironment = 'live' | 'test';

/** A route that the server serves behind the guard, for every method. */
export interface GuardedRoute {
  /** The whole path: `/open`. */
  readonly path: string;
  /** The options of `apiKeyGuard` on this route. */
  readonly options: Requirement<GuardEnvironment>;
  /** The arguments of `requireScopes`, between guard and handler; absent if the route does not use it. */
  readonly requireScopes?: readonly string[];
  /**
   * The route's handler must call it with the principal from the guard, and respond with status 200 and the
   * returned text, as `application/json`.
   */
  readonly handle: (principal: Principal) => string;
}

/**
 * Where the routes are served:
 *
 * - `origin`: by a server that listens there, such as `http://127.0.0.1:8080`. The suite writes raw bytes
 *   to its socket, and requires `node:net`.
 * - `fetch`: by a function from `Request` to `Response`
 * - `exchange`: over anything else, such as HTTP/2 or the events of a function platform
 */
export type GuardSite = (
  | { readonly origin: string }
  | { readonly fetch: WebHandler }
  | { readonly exchange: Exchange }
) & {
  /** Called after the check, whether it passed or failed. */
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
