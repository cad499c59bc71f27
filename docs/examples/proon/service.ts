import { createServer, type Server } from 'node:http';
import { apiKeyGuard, principalOf } from 'keywright/node';
import { accountOf, type FindSession } from './accounts.ts';
import { sendJson } from './http.ts';
import type { ProonKeys } from './keys.ts';
import { SETTINGS, settingsHandler } from './settings.ts';

/** Proon over HTTP: its API behind the guard, and its settings behind the user's session. */
export function proonService(keys: ProonKeys, findSession: FindSession): Server {
  const guard = apiKeyGuard(keys);
  const settings = settingsHandler(keys, findSession);

  return createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '/', 'http://proon.invalid');

    if (pathname.startsWith('/api/')) {
      guard(req, res, () => {
        if (req.method !== 'GET' || pathname !== '/api/v1/me') {
          return sendJson(res, 404, { error: 'not_found' });
        }
        const { owner, name, environment } = principalOf(req);
        sendJson(res, 200, { owner: accountOf(owner), key: { name, environment } });
      });
    } else if (pathname === SETTINGS || pathname.startsWith(`${SETTINGS}/`)) {
      settings(req, res, pathname.slice(SETTINGS.length)).catch(() => res.destroy());
    } else {
      sendJson(res, 404, { error: 'not_found' });
    }
  });
}
