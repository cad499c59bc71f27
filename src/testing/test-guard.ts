import { accepted } from './guard/accepted.ts';
import { concurrency } from './guard/concurrency.ts';
import { elsewhere } from './guard/elsewhere.ts';
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

/** Milliseconds for a check: the longest waits a dozen times for a store that does not answer. */
const TIMEOUT_MS = 30_000;

const TOPICS: Readonly<Record<string, Topic>> = {
  'lets in': accepted,
  'refuses with the one refusal': refused,
  'is not misled by': malformed,
  'reads as HTTP does, or refuses': stripped,
  'the key': states,
  'the key, of a store that answers later': statesLater,
  'the token': elsewhere,
  scopes,
  'a store that fails': unavailable,
  methods,
  wording,
  concurrency,
};

/**
 * The conformance suite of guards: the same requests and the same answers, byte for byte, whatever
 * the framework. It makes the service and its keys, from the memory store; `open` serves them.
 *
 * `open` is called once for each check, with the routes to be served. Where a server adds headers
 * of its own to an answer, none of them may vary from one request to the next, but for `Date`,
 * `Connection` and `Keep-Alive`: the suite compares refusals as wholes.
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
