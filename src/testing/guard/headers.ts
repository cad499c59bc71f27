import type { RefusalReason } from '../../verify.ts';
import { assertEqual } from '../assert.ts';
import { insufficientScope, UNAUTHORIZED } from './answers.ts';
import { ask, assertAdmitted, assertRefused, assertSame, isRefusedByServer } from './assertions.ts';
import { bearer, onStage, type Topic } from './stage.ts';
import type { FieldLine } from './wire.ts';

type Lines = (token: string) => readonly FieldLine[];

const plain: Lines = (token) => [['X-API-Key', token]];

const ACCEPTED: Readonly<Record<string, Lines>> = {
  'in Authorization': (token) => [bearer(token)],
  'in the other header': plain,
  'in the other header, its name in lower case': (token) => [['x-api-key', token]],
  'in the other header, its name in upper case': (token) => [['X-API-KEY', token]],
};

const REFUSED: Readonly<Record<string, readonly [Lines, ...RefusalReason[]]>> = {
  'no line': [() => [], 'absent'],
  'both headers, with one token': [(token) => [bearer(token), ['X-API-Key', token]], 'repeated'],
  'both headers, the other empty': [(token) => [bearer(token), ['X-API-Key', '']], 'repeated'],
  'both headers, Authorization of another scheme': [
    (token) => [
      ['Authorization', 'Basic dXNlcjpwYXNzd29yZA=='],
      ['X-API-Key', token],
    ],
    'repeated',
  ],
  'two lines of the other header': [(token) => [...plain(token), ...plain(token)], 'repeated'],
  'a list in the other header': [(token) => [['X-API-Key', `${token}, ${token}`]], 'repeated'],
  'Bearer in the other header': [(token) => [['X-API-Key', `Bearer ${token}`]], 'malformed'],
  'the token alone in Authorization': [(token) => [['Authorization', token]], 'scheme'],
  'a header that is not named': [(token) => [['X-Key', token]], 'absent'],
};

/** The guard accepts one credential over all headers of its option, and none in any other header. */
export const headers: Topic = {
  ...Object.fromEntries(
    Object.entries(ACCEPTED).map(([claim, lines]) => [
      `accepts the key ${claim}`,
      onStage(async (stage) => {
        const request = { path: '/keyed', lines: lines(stage.caller.token) };
        await assertAdmitted(stage, request);
      }),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(REFUSED).map(([claim, [lines, ...reasons]]) => [
      `refuses ${claim}`,
      onStage(async (stage) => {
        const request = { path: '/keyed', lines: lines(stage.caller.token) };
        if (isRefusedByServer(await ask(stage, request))) {
          assertEqual(stage.handled(), 0, 'how often the handler has run');
          return;
        }
        const response = await assertRefused(stage, request, UNAUTHORIZED, ...reasons);
        assertSame(response, await ask(stage, { path: '/keyed' }));
      }),
    ]),
  ),

  'answers 403 to a key in the other header that lacks a scope': onStage(async (stage) => {
    const request = { path: '/keyed-read', lines: plain(stage.caller.token) };
    const expected = insufficientScope('orders:read');
    await assertRefused(stage, request, expected, 'insufficient_scope');
    const reader = await stage.issue({ scopes: ['orders:read'] });
    await assertAdmitted(stage, { path: '/keyed-read', lines: plain(reader.token) }, reader);
  }),
};
