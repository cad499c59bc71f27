import { createServer, type Server } from 'node:http';
import type { ApiKeys } from 'keywright';
import { apiKeyGuard, principalOf } from 'keywright/node';

/** A service that takes its keys from outside, so that a test can hand in others. */
export function ordersService(keys: ApiKeys): Server {
  const guard = apiKeyGuard(keys, { scopes: ['orders:read'] });
  return createServer((req, res) => {
    guard(req, res, () => {
      const { owner } = principalOf(req);
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify({ owner, orders: [] }));
    });
  });
}
