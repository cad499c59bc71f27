import { assertEqual } from '../assert.ts';
import { insufficientScope, UNAUTHORIZED } from './answers.ts';
import { assertAdmitted, assertAnswer, assertAnsweredBy, assertRefused } from './assertions.ts';
import { bearer, onStage, type Topic } from './stage.ts';
import type { FieldLine } from './wire.ts';

const json: FieldLine = ['Content-Type', 'application/json'];

/** Every method except TRACE and CONNECT. */
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'POST', 'PUT', 'PATCH'];

function bodyOf(method: string) {
  return ['POST', 'PUT', 'PATCH'].includes(method)
    ? { lines: [json], body: '{"order":1}' }
    : { lines: [] };
}

const perMethod: Topic = Object.fromEntries(
  METHODS.map((method) => [
    `guards ${method}`,
    onStage(async (stage) => {
      const request = { method, path: '/open', ...bodyOf(method) };
      await assertRefused(stage, request, UNAUTHORIZED, 'absent');
      const lines = [...request.lines, bearer(stage.caller.token)];
      await assertAdmitted(stage, { ...request, lines });
    }),
  ]),
);

/** The method only decides whether the response has a body. */
export const methods: Topic = {
  ...perMethod,

  'answers HEAD with the headers of the refusal and without its body': onStage(async (stage) => {
    const method = 'HEAD';
    const lines = [bearer(stage.caller.token)];
    await assertRefused(stage, { method, path: '/open' }, UNAUTHORIZED, 'absent');
    const read = insufficientScope('orders:read');
    await assertRefused(stage, { method, path: '/read', lines }, read, 'insufficient_scope');
    const write = insufficientScope('orders:write orders:read');
    await assertRefused(stage, { method, path: '/write', lines }, write, 'insufficient_scope');
  }),

  'refuses a CORS preflight like any other request': onStage(async (stage) => {
    const request = {
      method: 'OPTIONS',
      path: '/open',
      lines: [
        ['Origin', 'https://example.com'],
        ['Access-Control-Request-Method', 'POST'],
        ['Access-Control-Request-Headers', 'authorization'],
      ],
    } as const;
    await assertRefused(stage, request, UNAUTHORIZED, 'absent');
  }),

  'leaves the connection usable after refusals, with and without a body': onStage(async (stage) => {
    const { token, principal } = stage.caller;
    const path = '/open';
    const open = { path, lines: [bearer(token)] };
    const requests = [
      { method: 'POST', path, lines: [json], body: JSON.stringify({ note: 'x'.repeat(90_000) }) },
      open,
      { method: 'HEAD', path },
      open,
      { path, lines: [bearer(`${token}a`)] },
      { ...open, method: 'POST', lines: [json, bearer(token)], body: '{}' },
    ];
    const answers = await stage.exchange(requests);
    assertEqual(answers.length, requests.length, 'the number of answers');
    for (const [i, request] of requests.entries()) {
      const answer = answers[i] ?? { status: 0, lines: [], body: '' };
      if (i % 2 === 0) assertAnswer(answer, request, UNAUTHORIZED);
      else assertAnsweredBy(answer, request, principal);
    }
    assertEqual(stage.handled(), 3, 'how often the handler has run');
  }),
};
