import type { AddressInfo } from 'node:net';
import type { OrdersKeys } from './keys.ts';
import { ordersService } from './orders.ts';

/** Serves one request over a socket, and gives the status and the body of the answer. */
export async function getOrders(keys: OrdersKeys, authorization?: string) {
  const server = ordersService(keys);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await fetch(`http://127.0.0.1:${port}/orders`, { headers });
    return { status: response.status, body: (await response.json()) as unknown };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
