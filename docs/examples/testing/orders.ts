import { createServer, type Server } from 'node:http';
import { apiKeyGuard, principalOf } from 'keywright/node';
import type { OrdersKeys } from './keys.ts';

/** A service that takes its keys from outside, so that a test can hand in others. */
export function ordersService(keys: OrdersKeys): Server {
  // A key of `test` reads too, as its orders are those of the sandbox.
  const guard = apiKeyGuard(keys, { scopes: ['orders:read'], environments: ['live', 'test'] });
  return createServer((req, res) => {
    guard(req, res, () => {
      const { owner, environment, metadata } = principalOf(req);
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify({ owner, environment, plan: metadata.plan, orders: [] }));
    });
  });
}
