import type { IncomingMessage } from 'node:http';
import { apiKeyGuard } from 'keywright/fetch';
import { expect, it, onTestFinished } from 'vitest';
import { socketExchange } from '../../src/testing/guard/socket.ts';
import { makeKey, setUp } from '../support.ts';
import { serve } from './server.ts';

const { keys } = setUp();

/** A bridge as several frameworks have it: of two Authorization lines it has what Node has left. */
function merged({ headers, url }: IncomingMessage): Request {
  return new Request(`http://example.com${url}`, { headers: headers as Record<string, string> });
}

async function statusOfTwoLines(options: { joinDuplicateHeaders?: boolean }, srvx = false) {
  const { token } = await makeKey(keys);
  const handler = apiKeyGuard(keys, () => new Response('let in'));
  const { origin, close } = await serve(async (req, res) => {
    const request = merged(req);
    if (srvx) Object.assign(request, { runtime: { name: 'node', node: { req, res } } });
    res.writeHead((await handler(request)).status).end();
  }, options);
  onTestFinished(close);
  const lines = [`Bearer ${token}`, 'Bearer other'].map(
    (value) => ['Authorization', value] as const,
  );
  const [answer] = await socketExchange(origin)([{ path: '/', lines }]);
  return answer?.status;
}

it('refuses two lines if Node joins them, as the guides say', async () => {
  expect(await statusOfTwoLines({ joinDuplicateHeaders: true })).toBe(401);
});

it('refuses two lines if srvx has kept the request of Node', async () => {
  expect(await statusOfTwoLines({}, true)).toBe(401);
});

it('cannot see the second line otherwise, as the guides say', async () => {
  expect(await statusOfTwoLines({})).toBe(200);
});
