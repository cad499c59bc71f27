import assert from 'node:assert/strict';
import type { TestRunner, WireRequest } from 'keywright/testing';
import { insufficientScope, UNAUTHORIZED } from '../../src/testing/guard/answers.ts';
import { socketExchange } from '../../src/testing/guard/socket.ts';
import { valuesOf, type WireResponse } from '../../src/testing/guard/wire.ts';
import type { Callers } from './callers.ts';
import type { Recipe, Target } from './recipe.ts';
import { bearer, refusedRequests, spellings } from './requests.ts';

/** An app that is served, and whom it knows. */
export interface Stage {
  readonly recipe: Recipe;
  readonly callers: Callers;
  /** Of the framework's own server. */
  readonly origin: string;
  /** Of a server that has Node join header lines. */
  readonly joinedOrigin: string;
}

const TIMEOUT_MS = 20_000;

async function ask(origin: string, request: WireRequest): Promise<WireResponse> {
  const [response] = await socketExchange(origin)([request]);
  assert.ok(response, 'an answer');
  return response;
}

/** Headers that belong to the connection or the moment. */
const HOP_BY_HOP = ['connection', 'date', 'keep-alive'];

/** All of an answer that may not tell one refusal from another. */
function shapeOf({ status, lines, body }: WireResponse) {
  return { status, lines: lines.filter(([name]) => !HOP_BY_HOP.includes(name)), body };
}

/** Fails unless it is the refusal of the library, framed as this framework does. */
function assertAnswer(
  { framing }: Recipe,
  response: WireResponse,
  { status, headers, body }: typeof UNAUTHORIZED,
): void {
  const { 'content-length': length, ...own } = headers;
  assert.equal(response.status, status);
  for (const [name, value] of Object.entries(own)) {
    assert.deepEqual(valuesOf(response, name), value === undefined ? [] : [value], name);
  }
  const framed = framing === 'chunked' ? [[], ['chunked']] : [[length], []];
  const [lengths, codings] = ['content-length', 'transfer-encoding'].map((name) =>
    valuesOf(response, name),
  );
  assert.deepEqual([lengths, codings], framed, 'the framing');
  assert.equal(response.body, body);
}

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A target as its checks have it. */
interface Aim extends Stage {
  readonly target: Target;
  check(name: string, run: () => Promise<void>): void;
  /** The refusal to a request without a key, which all others must equal. */
  reference(at?: string, method?: string): Promise<WireResponse>;
}

function targetChecks({ describe, it }: TestRunner, stage: Stage, target: Target): void {
  const aim: Aim = {
    ...stage,
    target,
    check: (name, run) => it(name, run, TIMEOUT_MS),
    async reference(at = stage.origin, method = 'GET') {
      const refusal = shapeOf(await ask(at, { method, path: target.path }));
      assert.equal(refusal.status, 401);
      return refusal;
    },
  };
  describe(`${target.guardedBy} before ${target.path}`, () => {
    keyChecks(aim);
    lineChecks(aim);
    pathChecks(aim);
  });
}

function keyChecks({ check, reference, recipe, origin, callers, target }: Aim): void {
  const { path, body } = target;

  check('accepts a valid key', async () => {
    const lines = [bearer(callers.holder)];
    const good = await ask(origin, { path, lines });
    assert.deepEqual([good.status, good.body], [200, body]);
    const head = await ask(origin, { method: 'HEAD', path, lines });
    assert.deepEqual([head.status, head.body], [200, '']);
  });

  check('refuses who has none, with the bytes of the library', async () => {
    assertAnswer(recipe, await ask(origin, { path }), UNAUTHORIZED);
  });

  for (const [name, request] of Object.entries(refusedRequests(path, callers))) {
    check(`refuses ${name} with the same bytes`, async () => {
      assert.deepEqual(shapeOf(await ask(origin, request)), await reference());
    });
  }

  check('refuses HEAD with the same headers, and no body', async () => {
    const framing = ['content-length', 'transfer-encoding'];
    const own = (given: WireResponse['lines']) => given.filter(([name]) => !framing.includes(name));
    const [head, get] = [await reference(origin, 'HEAD'), await reference()];
    assert.deepEqual([own(head.lines), head.body], [own(get.lines), '']);
    const revoked = { method: 'HEAD', path, lines: [bearer(callers.revoked)] };
    assert.deepEqual(shapeOf(await ask(origin, revoked)), head);
  });

  if (recipe.keys !== undefined) return;
  check('refuses a key from the moment that it is revoked', async () => {
    const { token, revoke } = await callers.issue();
    const request = { path, lines: [bearer(token)] };
    assert.equal((await ask(origin, request)).status, 200);
    await revoke();
    assert.deepEqual(shapeOf(await ask(origin, request)), await reference());
  });
}

function lineChecks({ check, reference, recipe, origin, joinedOrigin, ...rest }: Aim): void {
  const { path, body } = rest.target;
  const [good, bad] = [bearer(rest.callers.holder), bearer(rest.callers.stranger)];

  check(`has two lines ${recipe.twoLines}, as the page says`, async () => {
    assert.deepEqual(shapeOf(await ask(origin, { path, lines: [bad, good] })), await reference());
    for (const second of [good, bad]) {
      const answer = await ask(origin, { path, lines: [good, second] });
      if (recipe.twoLines === 'merged') assert.deepEqual([answer.status, answer.body], [200, body]);
      else assert.deepEqual(shapeOf(answer), await reference());
    }
  });

  check('refuses two lines that Node joins, with the same bytes', async () => {
    assert.equal((await ask(joinedOrigin, { path, lines: [good] })).status, 200);
    const two = await ask(joinedOrigin, { path, lines: [good, good] });
    assert.deepEqual(shapeOf(two), await reference(joinedOrigin));
    assertAnswer(recipe, two, UNAUTHORIZED);
  });
}

function pathChecks({ check, reference, origin, callers, target }: Aim): void {
  const { path, body, unguardedMethods = [] } = target;

  for (const spelling of spellings(path)) {
    check(`is not passed by as ${spelling}`, async () => {
      const without = await ask(origin, { path: spelling });
      const withKey = await ask(origin, { path: spelling, lines: [bearer(callers.holder)] });
      if (withKey.status === 200 && withKey.body === body) {
        assert.deepEqual(shapeOf(without), await reference());
      }
      assert.notEqual(without.body, body);
      assert.ok(without.status >= 300, `${without.status} ${without.body}`);
    });
  }

  for (const method of METHODS.filter((method) => !unguardedMethods.includes(method))) {
    check(`lets nobody in by ${method}`, async () => {
      const lines = [['Content-Type', 'application/json']] as const;
      const { status } = await ask(origin, { method, path, lines, body: '{}' });
      assert.ok(status === 401 || status === 405, `${status}`);
    });
  }
}

/** Declares the checks of an app. */
export function appChecks(runner: TestRunner, stage: Stage): void {
  runner.describe(stage.recipe.name, () => {
    for (const target of stage.recipe.targets) targetChecks(runner, stage, target);
    scopeChecks(runner, stage);
    hostChecks(runner, stage);
  });
}

function scopeChecks({ it }: TestRunner, { recipe, callers, origin }: Stage): void {
  const { status, ...request } = recipe.scoped;
  const as = (token: string) => {
    return ask(origin, { ...request, lines: [...(request.lines ?? []), bearer(token)] });
  };
  const check = (name: string, run: () => Promise<void>) =>
    it(`${nameOf(request)}, which needs a scope, ${name}`, run, TIMEOUT_MS);

  check('accepts a key that has it', async () => {
    assert.equal((await as(callers.writer)).status, status);
  });
  check('answers 403 to one that lacks it, with the bytes of the library', async () => {
    assertAnswer(recipe, await as(callers.holder), insufficientScope('orders:write'));
  });
  check('refuses who has no key, with the bytes of the library', async () => {
    assertAnswer(recipe, await ask(origin, request), UNAUTHORIZED);
  });
}

function hostChecks({ it }: TestRunner, { recipe, callers, origin }: Stage): void {
  const as = (token: string, request: WireRequest) =>
    ask(origin, { ...request, lines: [...(request.lines ?? []), bearer(token)] });

  for (const { status, ...request } of recipe.before) {
    const run = async () => {
      for (const token of [callers.holder, callers.stranger]) {
        assert.equal((await as(token, request)).status, status);
      }
    };
    it(`answers ${nameOf(request)} by itself with ${status}`, run, TIMEOUT_MS);
  }

  for (const trick of recipe.tricks) {
    const run = async () => {
      const answer = await ask(origin, trick);
      assert.ok(answer.status >= 300, `${answer.status} ${answer.body}`);
      if (answer.body === UNAUTHORIZED.body) assertAnswer(recipe, answer, UNAUTHORIZED);
      for (const token of [callers.stranger, callers.revoked]) {
        assert.deepEqual(shapeOf(await as(token, trick)), shapeOf(answer));
      }
    };
    it(`lets nobody in by ${nameOf(trick)}`, run, TIMEOUT_MS);
  }
}

function nameOf({ method = 'GET', path, lines = [] }: WireRequest): string {
  return [method, path, ...lines.map(([name, value]) => `${name}: ${value}`)].join(' ');
}
