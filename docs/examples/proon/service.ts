import type { RequestListener, ServerResponse } from 'node:http';
import { type Management, toNodeHandler } from 'keywright/management';
import { apiKeyGuard, principalOf } from 'keywright/node';
import { accountOf, type DemoSession } from './accounts.ts';
import type { ProonKeys } from './keys.ts';

/** Where the sign-in link of the demo leads. */
export const SIGN_IN = '/app/sign-in';

/** Proon over HTTP: its API behind the guard, and its settings behind the user's session. */
export function proonService(
  keys: ProonKeys,
  sessions: DemoSession,
  management: Management,
): RequestListener {
  const guard = apiKeyGuard(keys);
  const settings = toNodeHandler(management);

  return (req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://proon.invalid');

    if (pathname.startsWith('/api/')) {
      guard(req, res, () => {
        if (req.method !== 'GET' || pathname !== '/api/v1/me') return notFound(res);
        const { owner, name, environment } = principalOf(req);
        sendJson(res, 200, { owner: accountOf(owner), key: { name, environment } });
      });
    } else if (pathname === SIGN_IN && req.method === 'GET') {
      const cookie = sessions.signIn(searchParams.get('ticket'));
      // The page is there for who is not signed in as well, and says so.
      res.setHeader('Location', `${management.basePath}/`);
      if (cookie !== undefined) res.setHeader('Set-Cookie', cookie);
      res.writeHead(303).end();
    } else {
      settings(req, res, () => notFound(res));
    }
  };
}

function notFound(res: ServerResponse): void {
  sendJson(res, 404, { error: 'not_found' });
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  const text = `${JSON.stringify(body, null, 2)}\n`;
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(text),
  });
  res.end(text);
}
