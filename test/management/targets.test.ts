import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { toHonoHandler } from 'keywright/management';
import { afterEach, describe, expect, it } from 'vitest';
import { bridges, ELSEWHERE, listening, type Mount, type Mounting } from './bridges.ts';
import { BASE, mount } from './support.ts';

let open: Mounting | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

/** What a server answers to the head of a request as it is. */
async function answerTo(head: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(open?.base ?? '').port), '127.0.0.1');
  socket.write([...head, 'Cookie: session=ada', 'Connection: close', '', ''].join('\r\n'));
  return text(socket);
}

const KEYS = `${BASE}/api/keys`;

/** Requests that another reader takes for ones to another path or host. */
const SEEN_TWICE: readonly (readonly string[])[] = [
  [`GET /pub/..${KEYS} HTTP/1.1`, 'Host: x'],
  [`GET /pub/%2e%2e${KEYS} HTTP/1.1`, 'Host: x'],
  [`GET /pub/.%2E${KEYS} HTTP/1.1`, 'Host: x'],
  [`GET /.${KEYS} HTTP/1.1`, 'Host: x'],
  [`GET ${BASE}/api/./keys HTTP/1.1`, 'Host: x'],
  [`GET /x\\..${KEYS.replaceAll('/', '\\')} HTTP/1.1`, 'Host: x'],
  [`GET ${KEYS.replaceAll('/', '\\')} HTTP/1.1`, 'Host: x'],
  [`GET ${KEYS}#/pub HTTP/1.1`, 'Host: x'],
  [`GET ${KEYS}?limit=1#&limit=2 HTTP/1.1`, 'Host: x'],
  [`GET http://x/pub/..${KEYS} HTTP/1.1`, 'Host: x'],
  [`GET http://x\\y${KEYS} HTTP/1.1`, 'Host: x'],
  [`GET http:${KEYS} HTTP/1.1`, 'Host: x'],
  [`GET http://y${KEYS} HTTP/1.1`, 'Host: x'],
  ['GET / HTTP/1.1', `Host: x${KEYS}#`],
  ['GET /pub HTTP/1.1', `Host: x${KEYS}?`],
  [`GET ${KEYS} HTTP/1.1`, 'Host: user@x'],
  [`GET ${KEYS} HTTP/1.1`, 'Host: x:80:80'],
  [`GET ${KEYS} HTTP/1.1`, 'Host: x, y'],
  [`GET ${KEYS} HTTP/1.1`, 'Host: x%2e'],
  [`GET ${KEYS} HTTP/1.1`, 'Host: x', 'Host: y'],
  [`GET ${KEYS} HTTP/1.1`, 'Host:'],
  [`GET ${KEYS} HTTP/1.0`, 'X-No: Host'],
];

/** Requests that are unusual, and the same to everybody. */
const PLAIN: readonly (readonly string[])[] = [
  [`GET ${KEYS} HTTP/1.1`, 'Host: x'],
  [`GET ${KEYS}?text=..%2F HTTP/1.1`, 'Host: app-1.example.com:65535'],
  [`GET ${KEYS}?text=/../a HTTP/1.1`, 'Host: 127.0.0.1'],
  [`GET ${KEYS} HTTP/1.1`, 'Host: [::1]:8080'],
  [`GET http://X${KEYS} HTTP/1.1`, 'Host: x'],
];

const withNodeServer: Mount = (management) => {
  const app = new Hono();
  app.all('*', toHonoHandler(management));
  return listening(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
};

describe.each([...Object.entries(bridges), ['Hono by its own server', withNodeServer] as const])(
  'a request to %s',
  (_name, start) => {
    it.each(SEEN_TWICE.map((head) => [head]))('reads no keys with the head %j', async (head) => {
      const { management } = await mount();
      open = await start(management);
      const answer = await answerTo(head);
      expect(answer).toMatch(/^HTTP\/1\.1 (?:[45]\d\d|200 )/);
      expect(answer).not.toContain('"items"');
      if (answer.startsWith('HTTP/1.1 200')) expect(answer).toContain(ELSEWHERE);
    });

    it.each(PLAIN.map((head) => [head]))('is answered with the head %j', async (head) => {
      const { management } = await mount();
      open = await start(management);
      expect(await answerTo(head)).toContain('"items"');
    });
  },
);
