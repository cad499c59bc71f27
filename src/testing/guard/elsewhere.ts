import { UNAUTHORIZED } from './answers.ts';
import { assertAdmitted, assertRefused } from './assertions.ts';
import { bearer, onStage, type Topic } from './stage.ts';
import type { FieldLine, WireRequest } from './wire.ts';

const form: FieldLine = ['Content-Type', 'application/x-www-form-urlencoded'];
const json: FieldLine = ['Content-Type', 'application/json'];

/** RFC 6750 §2.2 and §2.3, and places that other libraries read: a valid token in the wrong place. */
const PLACES: Readonly<Record<string, (token: string) => WireRequest>> = {
  'the query': (token) => ({
    path: `/open?access_token=${token}&api_key=${token}&key=${token}&token=${token}`,
  }),
  'an Authorization of the query': (token) => ({
    path: `/open?Authorization=Bearer%20${token}&authorization=Bearer+${token}`,
  }),
  'a cookie': (token) => ({
    path: '/open',
    lines: [['Cookie', `access_token=${token}; api_key=${token}; Authorization=Bearer ${token}`]],
  }),
  'X-Api-Key': (token) => ({ path: '/open', lines: [['X-Api-Key', token]] }),
  'Proxy-Authorization': (token) => ({
    path: '/open',
    lines: [['Proxy-Authorization', `Bearer ${token}`]],
  }),
  'headers with similar names': (token) => ({
    path: '/open',
    lines: [
      'X-Authorization',
      'Authorization-Token',
      'Authorisation',
      'X-Forwarded-Authorization',
    ].map((name) => [name, `Bearer ${token}`]),
  }),
  'the password of Basic': (token) => ({
    path: '/open',
    lines: [['X-Real-Authorization', `Basic ${token}`]],
  }),
  'a form': (token) => ({
    method: 'POST',
    path: '/open',
    lines: [form],
    body: `access_token=${token}&api_key=${token}`,
  }),
  'a JSON body': (token) => ({
    method: 'POST',
    path: '/open',
    lines: [json],
    body: JSON.stringify({ access_token: token, apiKey: token, authorization: `Bearer ${token}` }),
  }),
};

const ignored: Topic = Object.fromEntries(
  Object.entries(PLACES).map(([place, request]) => [
    `is not read from: ${place}`,
    onStage((stage) =>
      assertRefused(stage, request(stage.caller.token), UNAUTHORIZED, 'absent').then(() => {}),
    ),
  ]),
);

/** The guard reads a token only from the Authorization line. */
export const elsewhere: Topic = {
  ...ignored,

  'is accepted next to another one in the query, a cookie or X-Api-Key': onStage(async (stage) => {
    const other = await stage.issue({ owner: 'org_2' });
    await assertAdmitted(stage, {
      path: `/open?access_token=${other.token}`,
      lines: [
        ['Cookie', `access_token=${other.token}`],
        bearer(stage.caller.token),
        ['X-Api-Key', other.token],
      ],
    });
  }),
};
