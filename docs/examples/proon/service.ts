import type { RequestListener, ServerResponse } from 'node:http';
import { type Management, toNodeHandler } from 'keywright/management';
import { apiKeyGuard, principalOf } from 'keywright/node';
import { accountOf, type DemoSession } from './accounts.ts';
import { homePage, SIGN_IN, SIGN_OUT } from './home.ts';
import type { ProonKeys } from './keys.ts';

/** ProoN over HTTP: its home page, its API behind the guard, and its settings behind the user's session. */
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
    } else if (pathname === '/' && req.method === 'GET') {
      const session = sessions.find(req.headers.cookie);
      res.setHeader('Content-Type', 'text/html; charset=utf-8');
      res.setHeader('Cache-Control', 'no-store');
      res.end(homePage(session?.user.name));
    } else if (pathname === SIGN_IN) {
      // The button of the home page, or the link in the terminal.
      const isAda = req.method === 'POST' || searchParams.get('ticket') === sessions.ticket;
      if (isAda) res.setHeader('Set-Cookie', sessions.cookie);
      res.writeHead(303, { Location: isAda ? `${management.basePath}/` : '/' }).end();
    } else if (pathname === SIGN_OUT && req.method === 'POST') {
      res.setHeader('Set-Cookie', 'session=; Path=/; Max-Age=0');
      res.writeHead(303, { Location: '/' }).end();
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
