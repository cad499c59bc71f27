import { accepted } from './guard/accepted.ts';
import { concurrency } from './guard/concurrency.ts';
import { elsewhere } from './guard/elsewhere.ts';
import { headers } from './guard/headers.ts';
import { methods } from './guard/methods.ts';
import { refused } from './guard/refused.ts';
import { scopes } from './guard/scopes.ts';
import type { GuardEnvironment, GuardedRoute, GuardSite, OpenGuard } from './guard/site.ts';
import type { Topic } from './guard/stage.ts';
import { states, statesLater } from './guard/states.ts';
import { malformed, stripped } from './guard/strange.ts';
import { unavailable } from './guard/unavailable.ts';
import type { WebHandler } from './guard/web.ts';
import type { Exchange, FieldLine, WireRequest, WireResponse } from './guard/wire.ts';
import { wording } from './guard/wording.ts';
import type { TestRunner } from './runner.ts';

export type {
  Exchange,
  FieldLine,
  GuardEnvironment,
  GuardedRoute,
  GuardSite,
  OpenGuard,
  WebHandler,
  WireRequest,
  WireResponse,
};

/** The time limit of a check. The longest check waits a dozen times for a store that does not answer. */
const TIMEOUT_MS = 30_000;

const TOPICS: Readonly<Record<string, Topic>> = {
  accepts: accepted,
  'refuses with the same bytes': refused,
  'never accepts': malformed,
  'strips as HTTP does, or refuses': stripped,
  'a key': states,
  'a key in a store that answers later': statesLater,
  'the token': elsewhere,
  scopes,
  'a store that fails': unavailable,
  headers,
  methods,
  wording,
  concurrency,
};

/**
 * The conformance suite of guards. It sends the same requests and expects the same responses, byte for
 * byte, in every framework. The suite creates the service and its keys on a memory store; `open` serves them.
 *
 * The suite calls `open` once for each check, with the routes to serve. The server may add headers to a
 * response, but they must be the same on every request, except `Date`, `Connection` and `Keep-Alive`: the
 * suite compares whole refusals.
 *
 * @param runner `describe` and `it` of vitest, Jest, Bun or `node:test`
 *
 * @example
 * ```ts
 * import { apiKeyGuard, requireScopes } from 'keywright/fetch';
 * import { type GuardedRoute, testGuard } from 'keywright/testing';
 * import { describe, it } from 'vitest';
 *
 * testGuard((keys, routes) => {
 *   const handlerOf = ({ options, requireScopes: scopes, handle }: GuardedRoute) => {
 *     const answer = (_request: Request, principal: Parameters<typeof handle>[0]) =>
 *       new Response(handle(principal), { headers: { 'Content-Type': 'application/json' } });
 *     return apiKeyGuard(keys, scopes ? requireScopes(...scopes)(answer) : answer, options);
 *   };
 *   const handlers = new Map(routes.map((route) => [route.path, handlerOf(route)]));
 *   return {
 *     fetch: (request) =>
 *       handlers.get(new URL(request.url).pathname)?.(request) ??
 *       new Response(null, { status: 404 }),
 *   };
 * }, { describe, it });
 * ```
 */
export function testGuard(open: OpenGuard, { describe, it }: TestRunner): void {
  for (const [name, topic] of Object.entries(TOPICS)) {
    describe(name, () => {
      for (const [claim, check] of Object.entries(topic)) {
        it(claim, () => check(open), TIMEOUT_MS);
      }
    });
  }
}
